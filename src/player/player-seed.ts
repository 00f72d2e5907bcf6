import type { Activity } from '../courses/packages/package';
import { present } from '../courses/packages/present';
import { isWebUrl } from '../courses/packages/hrefs';
import type { CourseVersionRow } from '../courses/courses.store';
import type { ActivityState, ConnectedRuntime, PlayerSeed, Runtime, SeedActivity } from './browser/player-seed';
import { withWaiver } from './cmi5-move-on.rules';
import type { LaunchRow } from './launches.store';
import { isYes, playerSettings, type Configuration } from './player-settings';
import type { RegistrationActivityRow, RegistrationRow } from './registrations.store';
import type { Result } from './results.rules';

export interface SeedParts {
  launch: LaunchRow;
  registration: RegistrationRow;
  version: CourseVersionRow;
  settings: Configuration;
  activities: readonly RegistrationActivityRow[];
  sequencing: unknown;
}

/** What the player's page begins with. */
export function makeSeed({ launch, registration, version, settings, activities, sequencing }: SeedParts): PlayerSeed {
  const { options } = launch;
  const { completion, success, score, progress } = registration;
  return {
    runtime: runtimeOf(version),
    title: version.title,
    tracking: options.tracking ?? true,
    learner: registration.learner,
    noCredit: isNoCredit(registration, settings),
    root: seedActivity(version.structure.rootActivity),
    states: Object.fromEntries(activities.map((row) => [row.activity_id, stateOf(row)])),
    result: { completion, success, score, progress },
    settings: playerSettings(settings),
    ...present({
      startAt: options.startSco || undefined,
      current: registration.current_activity ?? undefined,
      sequencing,
      sequencingState: registration.sequencing ?? undefined,
      mediaType: version.structure.mediaType,
    }),
    addedQuery: addedQuery(options, settings),
    opening: launch.opening,
    exitUrl: exitUrl(options.redirectOnExitUrl || settings.get('RedirectOnExitUrl') || 'message'),
  };
}

/** The course is done already: it is looked at for no credit. */
export const isNoCredit = ({ completion }: Pick<RegistrationRow, 'completion'>, settings: Configuration): boolean =>
  completion === 'completed' && isYes(settings, 'PlayerLaunchCompletedRegsAsNoCredit');

/** How the version is played here: other standards only are shown. */
export function runtimeOf({ learning_standard, structure }: CourseVersionRow): Runtime {
  if (structure.mediaType !== undefined) return 'media';
  if (learning_standard === 'SCORM11' || learning_standard === 'SCORM12') return 'scorm12';
  if (learning_standard.startsWith('SCORM2004')) return 'scorm2004';
  return connectedRuntimes[learning_standard] ?? 'page';
}

/** Whether content reports to the server itself. */
export const isConnected = (runtime: Runtime): runtime is ConnectedRuntime =>
  Object.values<string | undefined>(connectedRuntimes).includes(runtime);

const connectedRuntimes: Partial<Record<string, ConnectedRuntime>> = { CMI5: 'cmi5', XAPI: 'xapi', AICC: 'aicc' };

export function seedActivity(activity: Activity): SeedActivity {
  const { identifier, title, type, hidden = false, hiddenControls = [], objectives = [], children } = activity;
  const { href, masteryScore, scaledPassingScore, completionThreshold, maxTimeAllowed } = activity;
  const { timeLimitAction, launchData, prerequisites } = activity;
  return {
    id: identifier,
    title,
    hidden,
    isSco: type === 'SCO',
    hiddenControls,
    objectives: objectives.map((objective) => objective.identifier),
    children: children.map(seedActivity),
    ...present({
      href,
      masteryScore,
      scaledPassingScore,
      completionThreshold,
      maxTimeAllowed,
      timeLimitAction,
      launchData,
      prerequisites,
    }),
  };
}

export const stateOf = (row: RegistrationActivityRow): ActivityState => ({
  cmi: row.cmi,
  ...resultOf(row),
  seconds: row.seconds,
  attempts: row.attempts,
  sessionOpen: row.session_open,
});

const resultOf = (row: RegistrationActivityRow): Result => {
  const { completion, success, score, progress } = withWaiver(row);
  return { completion, success, score, progress };
};

/** What the launch and the course's settings add to every address that is opened. */
function addedQuery({ additionalvalues = [] }: LaunchRow['options'], settings: Configuration): string {
  const own = new URLSearchParams(additionalvalues.map(({ item, value }): [string, string] => [item, value]));
  const ofCourse = (settings.get('SupplementalQueryStringParametersForAllActivities') ?? '').replace(/^[?&]+/, '');
  return [own.toString(), ofCourse].filter(Boolean).join('&');
}

const exitPages = ['closer', 'blank', 'message'];

/** An address that is none leads to the message (LaunchLinkRequestSchema). */
function exitUrl(wanted: string): string {
  if (isWebUrl(wanted) && URL.canParse(wanted)) return wanted;
  return `../../exit/${exitPages.includes(wanted) ? wanted : 'message'}`;
}
