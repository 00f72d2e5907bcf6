import { v5 as uuidOf } from 'uuid';
import type { Activity } from '../courses/packages/package';
import { elementsOf } from './cmi-lists.rules';
import type { Cmi } from './cmi.rules';
import { learnerAgent } from './learner-agent.rules';
import type { Result } from './results.rules';

/*
 * What happens in a SCORM activity as xAPI statements, by ADL's SCORM profile ("xAPI SCORM Profile", 2017). Statement ids are made
 * of the launch, the change's position and the place in it, so that the same commit gives the same statements.
 */

const profile = 'https://w3id.org/xapi/scorm';
const adl = 'http://adlnet.gov/expapi';

/** Verbs of the profile (4.1.1 to 4.1.8). */
const verbs = {
  initialized: `${adl}/verbs/initialized`,
  resumed: `${adl}/verbs/resumed`,
  suspended: `${adl}/verbs/suspended`,
  terminated: `${adl}/verbs/terminated`,
  passed: `${adl}/verbs/passed`,
  failed: `${adl}/verbs/failed`,
  completed: `${adl}/verbs/completed`,
  responded: `${adl}/verbs/responded`,
  commented: `${adl}/verbs/commented`,
} as const;
type Verb = keyof typeof verbs;

/** An activity's state before and after a commit. */
export interface ActivityChange {
  activity: Activity;
  before: (Result & { cmi: Cmi; attempts: number; session_open: boolean; seconds: number }) | undefined;
  after: Result & { cmi: Cmi; attempts: number; session_open: boolean; seconds: number };
}

/** Whose statements they are, and of what. */
export interface StatementContext {
  /** The course's IRI. */
  courseIri: string;
  courseTitle: string;
  /** Where accounts of learners are at home. */
  homePage: string;
  learner: { id: string; name: string };
  registration: string;
  launchId: string;
  /** Of the change in its launch: there is one of each. */
  position: string;
  /** Media and AICC content speak another way, and their statements do not say that they follow SCORM's profile. */
  isScorm: boolean;
  now: Date;
}

type Json = Record<string, unknown>;

/** The statements that a change amounts to, in the order in which things happen. */
export function scormStatements(change: ActivityChange, context: StatementContext): Json[] {
  const { after, before } = change;
  const isNewSession = after.attempts > (before?.attempts ?? 0);
  // A session that resumes begins with what was said in the one before.
  const known = isNewSession && entryVerb(after.cmi) !== 'resumed' ? undefined : before;
  const made = [
    ...(isNewSession ? [{ verb: entryVerb(after.cmi) }] : []),
    ...interactionsOf(after.cmi, known?.cmi),
    ...commentsOf(after.cmi, known?.cmi),
    ...judgements(after, before),
    ...(!after.session_open && (isNewSession || before?.session_open) ? [exitOf(change)] : []),
  ];
  return made.map((part, place) => statementOf(part, place, change.activity, context));
}

interface Part {
  verb: Verb;
  result?: Json | undefined;
  /** Of something within the activity. */
  inside?: { path: string; definition: Json };
}

const entryVerb = (cmi: Cmi): Verb =>
  (cmi['cmi.core.entry'] ?? cmi['cmi.entry']) === 'resume' ? 'resumed' : 'initialized';

/** What the activity came to, told once: when it is first so. */
function judgements(after: Result, before: Result | undefined): Part[] {
  const parts: Part[] = [];
  const score = scoreOf(after);
  if (after.completion === 'completed' && before?.completion !== 'completed') {
    parts.push({ verb: 'completed', result: { completion: true, ...score } });
  }
  if (after.success !== 'unknown' && before?.success !== after.success) {
    parts.push({ verb: after.success, result: { success: after.success === 'passed', ...score } });
  }
  return parts;
}

function exitOf({ after }: ActivityChange): Part {
  const exit = after.cmi['cmi.core.exit'] ?? after.cmi['cmi.exit'];
  return {
    verb: exit === 'suspend' ? 'suspended' : 'terminated',
    result: {
      ...(after.completion === 'unknown' ? {} : { completion: after.completion === 'completed' }),
      ...(after.success === 'unknown' ? {} : { success: after.success === 'passed' }),
      ...scoreOf(after),
      duration: `PT${Math.round(after.seconds * 100) / 100}S`,
    },
  };
}

const scoreOf = ({ score }: Result): Json => (score === null ? {} : { score: { scaled: score } });

/** SCORM's types of interactions are those of xAPI but for `unknown` (1.2) and its spellings (RTE 4.2.9). */
const interactionTypes: Readonly<Record<string, string>> = {
  'true-false': 'true-false',
  choice: 'choice',
  'fill-in': 'fill-in',
  'long-fill-in': 'long-fill-in',
  matching: 'matching',
  performance: 'performance',
  sequencing: 'sequencing',
  likert: 'likert',
  numeric: 'numeric',
};

/** Content names its interactions as it likes, and an IRI has an end. A CMIIdentifier of SCORM 1.2 has 255 characters. */
const pathOf = (id: string): string => encodeURIComponent(id.slice(0, 255).toWellFormed());

/** Each answer that is new or changed. */
function interactionsOf(cmi: Cmi, before: Cmi = {}): Part[] {
  const known = elementsOf(before, 'interactions');
  return [...elementsOf(cmi, 'interactions')].flatMap(([index, one]): Part[] => {
    const response = one['learner_response'] ?? one['student_response'];
    const old = known.get(index);
    if (one['id'] === undefined || response === undefined || (old && isSameAnswer(old, one))) return [];
    const type = interactionTypes[one['type'] ?? ''] ?? 'other';
    const success = successes[one['result'] ?? ''];
    return [
      {
        verb: 'responded',
        result: { response, ...(success === undefined ? {} : { success }) },
        inside: {
          path: `interactions/${pathOf(one['id'])}`,
          definition: {
            type: `${adl}/activities/cmi.interaction`,
            interactionType: type,
            ...(one['description'] === undefined ? {} : { description: { und: one['description'] } }),
            ...patternsOf(one),
          },
        },
      },
    ];
  });
}

/** An answer that was given again has another time; content may set the time after the answer. */
function isSameAnswer(old: Record<string, string>, one: Record<string, string>): boolean {
  const [before, now] = [old, one].map((answer) => answer['timestamp'] ?? answer['time']);
  return (
    old['id'] === one['id'] &&
    (old['learner_response'] ?? old['student_response']) === (one['learner_response'] ?? one['student_response']) &&
    old['result'] === one['result'] &&
    (before === undefined || now === undefined || before === now)
  );
}

const successes: Readonly<Record<string, boolean>> = { correct: true, incorrect: false, wrong: false };

function patternsOf(one: Record<string, string>): Json {
  const patterns = Object.entries(one).flatMap(([name, value]) =>
    /^correct_responses\.\d+\.pattern$/.test(name) ? [value] : [],
  );
  return patterns.length > 0 ? { correctResponsesPattern: patterns } : {};
}

function commentsOf(cmi: Cmi, before: Cmi = {}): Part[] {
  const texts = (all: Cmi): string[] => [
    ...(all['cmi.comments'] ? [all['cmi.comments']] : []),
    ...[...elementsOf(all, 'comments_from_learner').values()].flatMap(({ comment }) => (comment ? [comment] : [])),
  ];
  const known = new Set(texts(before));
  return texts(cmi).flatMap((response): Part[] =>
    known.has(response) ? [] : [{ verb: 'commented', result: { response } }],
  );
}

function statementOf(
  { verb, result, inside }: Part,
  place: number,
  activity: Activity,
  context: StatementContext,
): Json {
  const { courseIri, learner, homePage, registration, now } = context;
  const sco = { objectType: 'Activity', id: `${courseIri}/${encodeURIComponent(activity.identifier)}` };
  const attempt = `${courseIri}?registration=${registration}`;
  return {
    id: uuidOf(`${context.position}/${activity.identifier}/${place}`, context.launchId),
    timestamp: now.toISOString(),
    actor: learnerAgent(learner, homePage),
    verb: { id: verbs[verb], display: { 'en-US': verb } },
    object: inside
      ? { objectType: 'Activity', id: `${sco.id}/${inside.path}`, definition: inside.definition }
      : { ...sco, definition: { type: `${adl}/activities/lesson`, name: { und: activity.title } } },
    ...(result && Object.keys(result).length > 0 ? { result } : {}),
    context: {
      registration,
      contextActivities: {
        ...(context.isScorm ? { category: [{ id: profile }] } : {}),
        grouping: [
          { id: courseIri, definition: { type: `${adl}/activities/course`, name: { und: context.courseTitle } } },
          { id: attempt, definition: { type: `${adl}/activities/attempt` } },
        ],
        ...(inside ? { parent: [{ id: sco.id }] } : {}),
      },
    },
  };
}
