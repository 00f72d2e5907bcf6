import type { ActivityState, Cmi, PlayerSeed, SeedActivity } from './player-seed';
import { intervalOf, timespanOf } from './time';

type SeedParts = Pick<PlayerSeed, 'learner' | 'noCredit' | 'settings'>;

/** The activity as it was left, where it was begun. */
type Left = ActivityState | undefined;

/** Content that suspended, or that was torn away, goes on where it was (SCORM 1.2 RTE 3.4.4, 2004 RTE 4.2.8). */
const isResumed = (left: Left, exitElement: string): boolean =>
  left !== undefined && (left.sessionOpen || left.cmi[exitElement] === 'suspend');

const entryOf = (left: Left, isResume: boolean): string => {
  if (isResume) return 'resume';
  return left ? '' : 'ab-initio';
};

const select = (cmi: Cmi, isWanted: (element: string) => boolean): Cmi =>
  Object.fromEntries(Object.entries(cmi).filter(([element, value]) => value !== '' && isWanted(element)));

const startsWithAny =
  (prefixes: readonly string[]) =>
  (element: string): boolean =>
    prefixes.some((prefix) => element.startsWith(prefix));

const kept12 = startsWithAny([
  'cmi.core.lesson_location',
  'cmi.core.score.',
  'cmi.suspend_data',
  'cmi.comments',
  'cmi.objectives.',
  'cmi.interactions.',
  'cmi.student_preference.',
]);

/** What a session of a SCORM 1.2 activity begins with. The status stays whatever else does: it is the learner's result. */
export function scorm12Data(activity: SeedActivity, left: Left, { learner, noCredit, settings }: SeedParts): Cmi {
  const isResume = isResumed(left, 'cmi.core.exit');
  const keeps = isResume || settings.resetRunTimeData === 'NEVER';
  const status = left?.cmi['cmi.core.lesson_status'];
  return {
    ...select(left?.cmi ?? {}, (element) => keeps && kept12(element)),
    ...(status && status !== 'not attempted' ? { 'cmi.core.lesson_status': status } : {}),
    'cmi.core.student_id': learner.id,
    'cmi.core.student_name': learner.name,
    'cmi.core.credit': noCredit ? 'no-credit' : 'credit',
    'cmi.core.lesson_mode': noCredit ? 'review' : 'normal',
    'cmi.core.entry': entryOf(left, isResume),
    'cmi.core.total_time': timespanOf(left?.seconds ?? 0),
    ...select(
      {
        'cmi.launch_data': activity.launchData ?? '',
        'cmi.student_data.mastery_score': activity.masteryScore ?? '',
        'cmi.student_data.max_time_allowed': activity.maxTimeAllowed ?? '',
        'cmi.student_data.time_limit_action': activity.timeLimitAction ?? '',
      },
      () => true,
    ),
  };
}

const kept2004 = startsWithAny([
  'cmi.comments_from_learner.',
  'cmi.completion_status',
  'cmi.interactions.',
  'cmi.learner_preference.',
  'cmi.location',
  'cmi.objectives.',
  'cmi.progress_measure',
  'cmi.score.',
  'cmi.success_status',
  'cmi.suspend_data',
]);

/** What a session of a SCORM 2004 activity begins with: a new attempt begins empty, but for the learner's preferences. */
export function scorm2004Data(activity: SeedActivity, left: Left, { learner, noCredit, settings }: SeedParts): Cmi {
  const isResume = isResumed(left, 'cmi.exit');
  const keeps = isResume || settings.resetRunTimeData === 'NEVER';
  const isWanted = (element: string): boolean => keeps && kept2004(element);
  const objectives = activity.objectives.map((id, index): [string, string] => [`cmi.objectives.${index}.id`, id]);
  return {
    ...(keeps && left ? {} : Object.fromEntries(objectives)),
    ...select(left?.cmi ?? {}, isWanted),
    'cmi.learner_id': learner.id,
    'cmi.learner_name': learner.name,
    'cmi.credit': noCredit ? 'no-credit' : 'credit',
    'cmi.mode': noCredit ? 'review' : 'normal',
    'cmi.entry': entryOf(left, isResume),
    'cmi.total_time': intervalOf(keeps ? (left?.seconds ?? 0) : 0),
    ...select(
      {
        'cmi.launch_data': activity.launchData ?? '',
        'cmi.scaled_passing_score': activity.scaledPassingScore?.toString() ?? '',
        'cmi.completion_threshold': activity.completionThreshold?.toString() ?? '',
        'cmi.max_time_allowed': activity.maxTimeAllowed ?? '',
        'cmi.time_limit_action': activity.timeLimitAction ?? '',
      },
      () => true,
    ),
  };
}
