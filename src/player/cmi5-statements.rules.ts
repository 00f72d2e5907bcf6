import type { Activity } from '../courses/packages/package';
import { present } from '../courses/packages/present';
import type { JsonObject } from '../statements/shapes.rules';
import { satisfiedContainers, type UnitResults } from './cmi5-move-on.rules';
import {
  categories,
  cmi5ActivityIri,
  containerTypes,
  contextExtensions,
  type HubVerb,
  hubVerbs,
  type LaunchMode,
  reasonExtension,
} from './cmi5-terms.rules';

/** Whose statements they are. */
export interface Cmi5Speech {
  actor: JsonObject;
  registration: string;
  versionId: string;
  /** Of the AU session that they are about. */
  sessionId: string;
  now: Date;
  /** Ids of statements. Content can work out those that are made of what it knows, and take one first. */
  newId: () => string;
}

/** What the AU's own contexts are made of (cmi5 10.2.1). */
export const contextTemplate = (sessionId: string, publisherId: string): JsonObject => ({
  contextActivities: { grouping: [{ objectType: 'Activity', id: publisherId }] },
  extensions: { [contextExtensions.sessionId]: sessionId },
});

interface Parts {
  verb: HubVerb;
  type?: string | undefined;
  result?: JsonObject;
  extensions?: JsonObject;
}

/** cmi5 9.6.2.2: of what has `success` or `completion`. */
const categoriesOf = (verb: HubVerb): string[] =>
  verb === 'waived' ? [categories.cmi5, categories.moveOn] : [categories.cmi5];

function statementOf(parts: Parts, activity: Activity, speech: Cmi5Speech): JsonObject {
  const { verb, type, result, extensions } = parts;
  const template = contextTemplate(speech.sessionId, activity.identifier);
  return {
    id: speech.newId(),
    timestamp: speech.now.toISOString(),
    actor: speech.actor,
    verb: { id: hubVerbs[verb], display: { 'en-US': verb } },
    object: {
      objectType: 'Activity',
      id: cmi5ActivityIri(speech.versionId, activity.identifier),
      definition: { name: { und: activity.title }, ...present({ type }) },
    },
    ...present({ result }),
    context: {
      ...template,
      registration: speech.registration,
      contextActivities: {
        ...(template['contextActivities'] as JsonObject),
        category: categoriesOf(verb).map((id) => ({ objectType: 'Activity', id })),
      },
      extensions: { ...(template['extensions'] as JsonObject), ...extensions },
    },
  };
}

export interface Cmi5Launch {
  launchMode: LaunchMode;
  /** Where the AU is, without what the launch adds. */
  launchUrl: string;
}

/** That an AU was launched (cmi5 9.3.1, 9.6.3). */
export function launchedStatement(activity: Activity, { launchMode, launchUrl }: Cmi5Launch, speech: Cmi5Speech) {
  const { scaledPassingScore, launchData, xapiActivityType, moveOn = 'NotApplicable' } = activity;
  const extensions = {
    [contextExtensions.launchMode]: launchMode,
    [contextExtensions.launchUrl]: launchUrl,
    [contextExtensions.moveOn]: moveOn,
    ...(scaledPassingScore === undefined ? {} : { [contextExtensions.masteryScore]: scaledPassingScore }),
    ...(launchData === undefined ? {} : { [contextExtensions.launchParameters]: launchData }),
  };
  return statementOf({ verb: 'launched', type: xapiActivityType, extensions }, activity, speech);
}

/** That an AU session ended without the AU's saying so (cmi5 9.3.6, 9.5.4.2). */
export const abandonedStatement = (activity: Activity, seconds: number, speech: Cmi5Speech): JsonObject =>
  statementOf(
    {
      verb: 'abandoned',
      type: activity.xapiActivityType,
      result: { duration: `PT${Math.round(seconds * 100) / 100}S` },
    },
    activity,
    speech,
  );

/** That an AU's requirements were met by other means than its moveOn (cmi5 9.3.7), in a session of its own. */
export const waivedStatement = (activity: Activity, reason: string, speech: Cmi5Speech): JsonObject =>
  statementOf(
    {
      verb: 'waived',
      type: activity.xapiActivityType,
      result: { success: true, completion: true, extensions: { [reasonExtension]: reason } },
    },
    activity,
    speech,
  );

/** That blocks and the course are satisfied which were not before (cmi5 9.3.9), inner blocks first. */
export function satisfiedStatements(
  root: Activity,
  { before, after }: { before: UnitResults | undefined; after: UnitResults },
  speech: Cmi5Speech,
): JsonObject[] {
  const known = new Set(before && satisfiedContainers(root, before));
  return satisfiedContainers(root, after)
    .filter((container) => !known.has(container))
    .map((container) => {
      const type = containerTypes[container === root ? 'course' : 'block'];
      return statementOf({ verb: 'satisfied', type }, container, speech);
    });
}
