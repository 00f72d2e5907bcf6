import { newXapiId } from '../database/ids';
import type { XapiVersion } from './formats.rules';
import { meaningHash } from './same-statement.rules';
import { isObject, type JsonObject } from './shapes.rules';
import { contextActivitiesOf, keyOf, type StatementTopics, targetOf, topicsOf } from './statement-keys.rules';
import { voidedVerb } from './statement.rules';

/** What a row is found by, as hashes. */
export interface StatementKeys {
  agent: string | null;
  verb: string;
  activity: string | null;
  registration: string | null;
  /** Further agents and activities. */
  relations: string[];
}

/** What a statement says of what an activity is. */
export interface Definition {
  key: string;
  activityId: string;
  definition: JsonObject;
}

/** A statement that is to be stored, with all that can be known of it before. */
export interface NewStatement {
  applicationId: string;
  id: string;
  /** Its sender gave the id: there may be one of it, or others that refer to it. */
  hasOwnId: boolean;
  /** A hash of what it says. */
  meaning: string;
  keys: StatementKeys;
  link: string | null;
  /** Its sender gave a timestamp. */
  timed: boolean;
  /** The JSON text but for `stored`, `timestamp` where there is none, and the last brace. */
  content: string;
  /** The statement that it refers to. */
  target: string | undefined;
  isVoiding: boolean;
  definitions: Definition[];
}

export interface Origin {
  applicationId: string;
  /** Who vouches for it: an agent, or a group of an application and its user. */
  authority: JsonObject;
  /** Of the request; a statement's own stays where it has one. */
  version: XapiVersion;
  /** What in the hub it comes of, for lists by that. */
  link?: string | undefined;
}

/** A statement of a version where its sender names none (1.0.3 Data 2.4.10). */
const assumedVersions: Readonly<Record<XapiVersion, string>> = { '1.0.3': '1.0.0', '2.0.0': '2.0.0' };

/** For a statement that was found right. */
export function newStatement(statement: JsonObject, origin: Origin): NewStatement {
  const { applicationId, authority, version, link } = origin;
  const { stored: _, ...said } = withListedContext(statement);
  const hasOwnId = typeof statement['id'] === 'string';
  const id = hasOwnId ? (statement['id'] as string) : newXapiId();
  const whole = { version: assumedVersions[version], ...said, id, authority };
  return {
    applicationId,
    id: id.toLowerCase(),
    hasOwnId,
    meaning: meaningHash(statement),
    keys: keysOf(applicationId, topicsOf(whole)),
    link: link === undefined ? null : keyOf(applicationId, 'link', link),
    timed: 'timestamp' in statement,
    content: JSON.stringify(whole).slice(0, -1),
    target: targetOf(statement),
    isVoiding: (statement['verb'] as JsonObject)['id'] === voidedVerb,
    definitions: definitionsOf(applicationId, statement),
  };
}

export function keysOf(applicationId: string, topics: StatementTopics): StatementKeys {
  const { verb, activity, registration, agents, relatedAgents, relatedActivities } = topics;
  const [agent, ...others] = agents;
  return {
    agent: agent === undefined ? null : keyOf(applicationId, 'agent', agent),
    verb: keyOf(applicationId, 'verb', verb),
    activity: activity === undefined ? null : keyOf(applicationId, 'activity', activity),
    registration: registration === undefined ? null : keyOf(applicationId, 'registration', registration),
    relations: [
      ...others.map((one) => keyOf(applicationId, 'agent', one)),
      ...relatedAgents.map((one) => keyOf(applicationId, 'related-agent', one)),
      ...relatedActivities.map((one) => keyOf(applicationId, 'related-activity', one)),
    ],
  };
}

/** Context activities are answered as lists, however they came (1.0.3 Data 2.4.6.2). */
function withListedContext(statement: JsonObject): JsonObject {
  const { context, object } = statement;
  const inner = isObject(object) && object['objectType'] === 'SubStatement' ? withListedContext(object) : object;
  const activities = isObject(context) ? context['contextActivities'] : undefined;
  if (!isObject(activities)) return inner === object ? statement : { ...statement, object: inner };
  const listed = Object.fromEntries(Object.entries(activities).map(([name, value]) => [name, [value].flat()]));
  return { ...statement, object: inner, context: { ...(context as JsonObject), contextActivities: listed } };
}

function definitionsOf(applicationId: string, statement: JsonObject): Definition[] {
  const { object, context } = statement as Record<string, JsonObject>;
  const own = [object, ...contextActivitiesOf(context)].flatMap((activity) => {
    const { id, definition } = activity ?? {};
    if (typeof id !== 'string' || !isObject(definition) || Object.keys(definition).length === 0) return [];
    return { key: keyOf(applicationId, 'activity', id), activityId: id, definition };
  });
  return object?.['objectType'] === 'SubStatement' ? [...own, ...definitionsOf(applicationId, object)] : own;
}
