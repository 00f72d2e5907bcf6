import type { XapiVersion } from './formats.rules';
import { isObject, type JsonObject } from './shapes.rules';
import { contextActivitiesOf } from './statement-keys.rules';

export const formats = ['exact', 'ids', 'canonical'] as const;
export type StatementFormat = (typeof formats)[number];

/** What a canonical statement is made with. */
export interface Canon {
  /** What is known of an activity, by its id. */
  definitionOf: (activityId: string) => JsonObject | undefined;
  /** What the reader reads, the best first; `*` any. */
  languages: readonly string[];
}

type Change = (value: JsonObject) => JsonObject;

/** A statement of 2.0 as a reader of 1.0.3 can take it: without what that has not. Others stay as they are. */
export function forVersion(data: string, version: XapiVersion): string {
  if (version === '2.0.0' || !data.includes('"version":"2.')) return data;
  const statement = JSON.parse(data) as JsonObject;
  if (!String(statement['version']).startsWith('2.')) return data;
  const older = (one: JsonObject): JsonObject => {
    const { context, object } = one;
    const { contextAgents: _agents, contextGroups: _groups, ...rest } = (context ?? {}) as Record<string, unknown>;
    const inner = isObject(object) && object['objectType'] === 'SubStatement' ? older(object) : object;
    const { context: _, ...others } = one;
    return { ...others, object: inner, ...(Object.keys(rest).length > 0 ? { context: rest } : {}) };
  };
  return JSON.stringify({ ...older(statement), version: '1.0.0' });
}

/** Only what identifies: agents, groups, verbs and activities without their descriptions (Communication 2.1.3, `ids`). */
export const withIds: Change = (statement) => change(statement, { actor: identified, verb: idOnly, activity: idOnly });

const idOnly: Change = ({ id }) => ({ id });

function identified({ objectType, mbox, mbox_sha1sum, openid, account, member }: JsonObject): JsonObject {
  const identifier = Object.fromEntries(
    Object.entries({ mbox, mbox_sha1sum, openid, account }).filter(([, value]) => value !== undefined),
  );
  const members = Object.keys(identifier).length === 0 && Array.isArray(member);
  return {
    ...(objectType === undefined ? {} : { objectType }),
    ...identifier,
    ...(members ? { member: (member as readonly JsonObject[]).map(identified) } : {}),
  };
}

/** Activities as they are known, words in one language (`canonical`). */
export const withCanon = (statement: JsonObject, { definitionOf, languages }: Canon): JsonObject =>
  change(statement, {
    actor: (actor) => actor,
    verb: (verb) => inOneLanguage(verb, ['display'], languages),
    activity: (activity) => {
      const definition = definitionOf(activity['id'] as string) ?? (activity['definition'] as JsonObject | undefined);
      return definition ? { ...activity, definition: canonicalDefinition(definition, languages) } : activity;
    },
  });

const componentNames = ['choices', 'scale', 'source', 'target', 'steps'];

function canonicalDefinition(definition: JsonObject, languages: readonly string[]): JsonObject {
  const result: Record<string, unknown> = { ...inOneLanguage(definition, ['name', 'description'], languages) };
  for (const name of componentNames) {
    if (!Array.isArray(result[name])) continue;
    result[name] = (result[name] as readonly JsonObject[]).map((one) => inOneLanguage(one, ['description'], languages));
  }
  return result;
}

function inOneLanguage(value: JsonObject, names: readonly string[], languages: readonly string[]): JsonObject {
  const result: Record<string, unknown> = { ...value };
  for (const name of names) {
    const map = result[name];
    if (isObject(map)) result[name] = bestEntry(map, languages);
  }
  return result;
}

/** Of a language map the one entry that a reader reads best (RFC 4647 3.4, then any of the same language); else the first. */
function bestEntry(map: JsonObject, languages: readonly string[]): JsonObject {
  const tags = Object.keys(map);
  const tag = languages.map((range) => bestTag(tags, range)).find((one) => one !== undefined) ?? tags[0];
  return tag === undefined ? map : { [tag]: map[tag] };
}

function bestTag(tags: readonly string[], range: string): string | undefined {
  const find = (wanted: string) =>
    tags.find((tag) => tag.toLowerCase() === wanted) ?? tags.find((tag) => tag.toLowerCase().startsWith(`${wanted}-`));
  for (
    let wanted = range.toLowerCase();
    wanted !== '';
    wanted = wanted.slice(0, Math.max(0, wanted.lastIndexOf('-')))
  ) {
    const tag = find(wanted);
    if (tag !== undefined) return tag;
  }
  return undefined;
}

/** The languages of an Accept-Language header, the best first (RFC 9110 12.5.4). */
export function languagesOf(header: string | undefined): string[] {
  const ranges = (header ?? '').split(',').map((part) => {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const quality = parameters.find((one) => /^q=/i.test(one))?.slice(2);
    return { range, quality: quality === undefined ? 1 : Number(quality) };
  });
  return ranges
    .filter(({ range, quality }) => /^[a-z\d-]+$/i.test(range) && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ range }) => range);
}

/** Ids of the activities that a statement speaks of. */
export function activityIdsOf({ object, context }: JsonObject): string[] {
  const ids = contextActivitiesOf(context as JsonObject | undefined).map(({ id }) => id as string);
  if (!isObject(object)) return ids;
  if (object['objectType'] === 'SubStatement') return [...ids, ...activityIdsOf(object)];
  return isActivity(object) ? [...ids, object['id'] as string] : ids;
}

const isActivity = ({ objectType }: JsonObject): boolean => objectType === undefined || objectType === 'Activity';

/** A statement with each of its actors, verbs and activities changed. */
function change(statement: JsonObject, by: { actor: Change; verb: Change; activity: Change }): JsonObject {
  const { actor, verb, object, context, authority } = statement as Record<string, JsonObject>;
  return {
    ...statement,
    actor: by.actor(actor!),
    verb: by.verb(verb!),
    object: changeObject(object!, by),
    ...(context ? { context: changeContext(context, by) } : {}),
    ...(authority ? { authority: by.actor(authority) } : {}),
  };
}

function changeObject(object: JsonObject, by: { actor: Change; verb: Change; activity: Change }): JsonObject {
  if (isActivity(object)) return by.activity(object);
  if (object['objectType'] === 'SubStatement') return change(object, by);
  return object['objectType'] === 'StatementRef' ? object : by.actor(object);
}

function changeContext(context: JsonObject, by: { actor: Change; activity: Change }): JsonObject {
  const result: Record<string, unknown> = { ...context };
  for (const name of ['instructor', 'team']) if (isObject(result[name])) result[name] = by.actor(result[name]);
  const { contextAgents, contextGroups, contextActivities } = result;
  if (Array.isArray(contextAgents))
    result['contextAgents'] = contextAgents.map((one) => inside(one, 'agent', by.actor));
  if (Array.isArray(contextGroups))
    result['contextGroups'] = contextGroups.map((one) => inside(one, 'group', by.actor));
  if (isObject(contextActivities)) {
    result['contextActivities'] = Object.fromEntries(
      Object.entries(contextActivities).map(([name, list]) => [name, (list as readonly JsonObject[]).map(by.activity)]),
    );
  }
  return result;
}

const inside = (owner: JsonObject, name: string, by: Change): JsonObject => ({
  ...owner,
  [name]: by(owner[name] as JsonObject),
});
