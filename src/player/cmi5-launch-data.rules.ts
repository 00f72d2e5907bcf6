import { present } from '../courses/packages/present';
import type { Activity } from '../courses/packages/package';
import type { JsonObject } from '../statements/shapes.rules';
import { contextTemplate } from './cmi5-statements.rules';
import type { LaunchMode } from './cmi5-terms.rules';
import type { LaunchOptions } from './launch-links.schemas';
import type { Configuration } from './player-settings';
import type { Result } from './results.rules';

/**
 * What the launch asks for. Else Browse: it keeps nothing. Review: the unit was completed and passed, so that nothing is left that its
 * content might say of a result (cmi5 9.3).
 */
export function launchModeOf(
  { launchMode, tracking }: Pick<LaunchOptions, 'launchMode' | 'tracking'>,
  known: Pick<Result, 'completion' | 'success'> | undefined,
): LaunchMode {
  if (launchMode) return launchMode;
  if (tracking === false) return 'Browse';
  return known?.completion === 'completed' && known.success === 'passed' ? 'Review' : 'Normal';
}

interface LaunchParts {
  sessionId: string;
  launchMode: LaunchMode;
  returnUrl: string;
  settings: Configuration;
}

/** What an AU finds in LMS.LaunchData (cmi5 10.2). */
export function launchData(
  activity: Activity,
  { sessionId, launchMode, returnUrl, settings }: LaunchParts,
): JsonObject {
  const { moveOn = 'NotApplicable', launchData: launchParameters, scaledPassingScore: masteryScore } = activity;
  return {
    contextTemplate: contextTemplate(sessionId, activity.identifier),
    launchMode,
    moveOn,
    returnURL: returnUrl,
    ...present({ launchParameters, masteryScore, entitlementKey: entitlementKey(activity, settings) }),
  };
}

function entitlementKey({ entitlementKey: courseStructure }: Activity, settings: Configuration) {
  const alternate = settings.get('Cmi5EntitlementKeyAlternate') || undefined;
  return courseStructure === undefined && alternate === undefined ? undefined : present({ courseStructure, alternate });
}
