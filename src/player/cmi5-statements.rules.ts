import { v5 as uuidOf } from 'uuid';
import type { Activity } from '../courses/packages/package';
import { present } from '../courses/packages/present';
import type { JsonObject } from '../statements/shapes.rules';
import {
  categories,
  cmi5ActivityIri,
  containerTypes,
  contextExtensions,
  type HubVerb,
  hubVerbs,
  type LaunchMode,
} from './cmi5-terms.rules';

/** Whose statements they are. */
export interface Cmi5Speech {
  actor: JsonObject;
  registration: string;
  versionId: string;
  /** Of the AU session that they are about. */
  sessionId: string;
  now: Date;
}

/** What the AU's own contexts are made of (cmi5 10.2.1). */
export const contextTemplate = (sessionId: string, publisherId: string): JsonObject => ({
  contextActivities: { grouping: [{ objectType: 'Activity', id: publisherId }] },
  extensions: { [contextExtensions.sessionId]: sessionId },
});

interface Parts {
  id: string;
  verb: HubVerb;
  type?: string | undefined;
  result?: JsonObject;
  extensions?: JsonObject;
}

function statementOf(parts: Parts, activity: Activity, speech: Cmi5Speech): JsonObject {
  const { id, verb, type, result, extensions } = parts;
  const template = contextTemplate(speech.sessionId, activity.identifier);
  return {
    id,
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
        category: [{ objectType: 'Activity', id: categories.cmi5 }],
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
  const parts: Parts = {
    id: uuidOf('launched', speech.sessionId),
    verb: 'launched',
    type: xapiActivityType,
    extensions,
  };
  return statementOf(parts, activity, speech);
}

/** That an AU session ended without the AU's saying so (cmi5 9.3.6, 9.5.4.2). The id: one that its content cannot have taken. */
export const abandonedStatement = (activity: Activity, id: string, seconds: number, speech: Cmi5Speech): JsonObject =>
  statementOf(
    {
      id,
      verb: 'abandoned',
      type: activity.xapiActivityType,
      result: { duration: `PT${Math.round(seconds * 100) / 100}S` },
    },
    activity,
    speech,
  );

/** That a block or the course is satisfied (cmi5 9.3.9): by its id once in a registration. */
export const satisfiedStatement = (container: Activity, isCourse: boolean, speech: Cmi5Speech): JsonObject =>
  statementOf(
    {
      id: uuidOf(`satisfied/${container.identifier}`, speech.registration),
      verb: 'satisfied',
      type: containerTypes[isCourse ? 'course' : 'block'],
    },
    container,
    speech,
  );
