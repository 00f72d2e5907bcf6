import { hash } from 'node:crypto';
import { isObject, type JsonObject } from './shapes.rules';

/** What a statement is found by, beside its id. */
export type KeyKind = 'agent' | 'verb' | 'activity' | 'registration' | 'related-agent' | 'related-activity' | 'link';

/**
 * A value as indexes hold it: of one application, of one kind, always 16 bytes, whatever its length. Half of SHA-256, as a UUID; nobody
 * makes two values with the same.
 */
export function keyOf(applicationId: string, kind: KeyKind, value: string): string {
  const text = `${applicationId} ${kind} ${value}`;
  const known = recentKeys.get(text);
  if (known !== undefined) return known;
  const key = uuidOf(hash('sha256', text));
  if (recentKeys.size >= maxRecentKeys) recentKeys.clear();
  // Registrations are new most of the time, and long values would hold memory.
  if (kind !== 'registration' && text.length <= 300) recentKeys.set(text, key);
  return key;
}

/** Verbs, activities and agents come again and again, and a hash costs more than all else that is done for one. */
const recentKeys = new Map<string, string>();
const maxRecentKeys = 20_000;

function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** The one identifier of an agent or group as a text; undefined: it is anonymous. Agents with the same are the same. */
export function identityOf(agent: JsonObject): string | undefined {
  const { mbox, mbox_sha1sum: sha1, openid, account } = agent;
  if (typeof mbox === 'string') return `mbox ${mbox}`;
  if (typeof sha1 === 'string') return `sha1 ${sha1.toLowerCase()}`;
  if (typeof openid === 'string') return `openid ${openid}`;
  if (!isObject(account)) return undefined;
  return `account ${JSON.stringify([account['homePage'], account['name']])}`;
}

/** What a statement says of whom and what, each once. */
export interface StatementTopics {
  verb: string;
  /** The object's, where that is an activity. */
  activity?: string | undefined;
  registration?: string | undefined;
  /** Actor and object, and members of groups in their place (Communication 2.1.3, `agent`). The actor's own comes first. */
  agents: string[];
  /** Further ones that have to do with it (`related_agents`). */
  relatedAgents: string[];
  relatedActivities: string[];
}

/** For a statement that was found right. */
export function topicsOf(statement: JsonObject): StatementTopics {
  const { verb, object, context, authority } = statement as Record<string, JsonObject>;
  const agents = new Set([statement['actor'], ...(isActor(object) ? [object] : [])].flatMap(identitiesOf));
  const relatedAgents = new Set([authority, ...agentsOfContext(context)].flatMap(identitiesOf));
  const activity = isActivity(object) ? (object!['id'] as string) : undefined;
  const relatedActivities = new Set(activitiesOfContext(context));
  if (object?.['objectType'] === 'SubStatement') {
    const inner = topicsOf(object);
    for (const agent of [...inner.agents, ...inner.relatedAgents]) relatedAgents.add(agent);
    for (const one of [inner.activity ?? [], inner.relatedActivities].flat()) relatedActivities.add(one);
  }
  return {
    verb: verb!['id'] as string,
    activity,
    registration: (context?.['registration'] as string | undefined)?.toLowerCase(),
    agents: [...agents],
    relatedAgents: [...relatedAgents].filter((one) => !agents.has(one)),
    relatedActivities: [...relatedActivities].filter((one) => one !== activity),
  };
}

const isActor = (object: JsonObject | undefined): boolean =>
  object?.['objectType'] === 'Agent' || object?.['objectType'] === 'Group';

const isActivity = (object: JsonObject | undefined): boolean => (object?.['objectType'] ?? 'Activity') === 'Activity';

/** An agent's own, a group's and its members'. */
function identitiesOf(actor: unknown): string[] {
  if (!isObject(actor)) return [];
  const members = Array.isArray(actor['member']) ? (actor['member'] as readonly unknown[]) : [];
  return [identityOf(actor) ?? [], members.flatMap(identitiesOf)].flat();
}

function agentsOfContext(context: JsonObject | undefined): unknown[] {
  if (!context) return [];
  const { instructor, team, contextAgents = [], contextGroups = [] } = context;
  return [
    instructor,
    team,
    ...(contextAgents as readonly JsonObject[]).map(({ agent }) => agent),
    ...(contextGroups as readonly JsonObject[]).map(({ group }) => group),
  ];
}

const activitiesOfContext = (context: JsonObject | undefined): string[] =>
  contextActivitiesOf(context).map(({ id }) => id as string);

export const contextActivitiesOf = (context: JsonObject | undefined): JsonObject[] =>
  Object.values((context?.['contextActivities'] ?? {}) as JsonObject).flat() as JsonObject[];

/** The id of the statement that is a statement's object; undefined where that is something else. */
export const targetOf = ({ object }: JsonObject): string | undefined =>
  isObject(object) && object['objectType'] === 'StatementRef' ? (object['id'] as string).toLowerCase() : undefined;
