import { checkEntity, isEntityType, allowTypes } from './compile-kinds.rules';
import { checkEventProfile } from './check-event.rules';
import { contextMembers, eventTypes, profiles, replacedEvents } from './event-types';
import { isEntityId, isEventId, isIri, isTime } from './formats.rules';
import {
  collectProblems,
  isAbsent,
  isObject,
  type JsonObject,
  memberPath,
  type Problem,
  quoted,
  type Report,
} from './problems.rules';
import { findUnstorable } from './storable.rules';
import { caliperContext, dataVersions } from './vocabularies';

export type ItemKind = 'event' | 'entity';

export interface CheckedItem {
  kind: ItemKind;
  /** What makes the item unusable, whatever it is about. */
  structural: Problem[];
  /** Where it is not what Caliper 1.2 says of its type. */
  profile: Problem[];
}

/**
 * Judges one item of an envelope, at two levels that docs/caliper.md describes. Takes any JSON value, and answers for all of
 * them; each level lists up to `maxProblems`. What one level says of a member the other does not repeat. `withTexts`: false where it
 * is known that every text can be stored (`hasEscapes`).
 */
export function checkItem(item: unknown, index: number, withTexts = true): CheckedItem {
  const { problems: structural, report } = collectProblems(index);
  if (!isObject(item)) {
    report('', `must be a Caliper event or entity, not ${quoted(item)}`);
    return { kind: 'event', structural, profile: [] };
  }
  const kind = kindOf(item);
  const unstorable = findUnstorable(item, withTexts);
  if (unstorable) {
    report(unstorable.path, unstorable.reason);
    return { kind, structural, profile: [] };
  }
  (kind === 'event' ? checkEventStructure : checkEntityStructure)(item, report);
  return { kind, structural, profile: checkProfile(item, kind, index, structural) };
}

/** By its type; where that is unknown, by members that only events have. */
function kindOf(item: JsonObject): ItemKind {
  if (isKnown(eventTypes, item.type)) return 'event';
  if (typeof item.type === 'string' && isEntityType(item.type)) return 'entity';
  const looksLikeEvent = 'action' in item || 'eventTime' in item || 'actor' in item;
  return looksLikeEvent || (typeof item.type === 'string' && item.type.endsWith('Event')) ? 'event' : 'entity';
}

const isKnown = (table: object, name: unknown): name is string =>
  typeof name === 'string' && Object.hasOwn(table, name);

const entityMembers = ['actor', 'object', 'target', 'generated', 'referrer', ...Object.keys(contextMembers)];

const optionalEntities = entityMembers.filter((member) => member !== 'actor' && member !== 'object');

function checkEventStructure(event: JsonObject, report: Report): void {
  checkRequired(event, ['id', 'type', 'actor', 'action', 'object', 'eventTime'], 'event', report);
  const { id, type, action, eventTime } = event;
  if (!isAbsent(id) && !(typeof id === 'string' && isEventId(id))) {
    report('id', `must be urn:uuid: and a UUID, not ${quoted(id)}`);
  }
  if (!isAbsent(type) && !isKnown(eventTypes, type)) report('type', unknownEvent(type));
  if (!isAbsent(action) && (typeof action !== 'string' || action === '')) {
    report('action', `must be an action of Caliper 1.2, not ${quoted(action)}`);
  }
  if (!isAbsent(eventTime) && !(typeof eventTime === 'string' && isTime(eventTime))) {
    report('eventTime', `must be a time in UTC, such as 2026-01-31T12:00:00.000Z, not ${quoted(eventTime)}`);
  }
  if (!isAbsent(event.profile) && !isKnown(profiles, event.profile)) {
    report('profile', `must be one of ${Object.keys(profiles).join(', ')}, not ${quoted(event.profile)}`);
  }
  checkReference(event.actor, 'actor', report);
  checkReference(event.object, 'object', report);
  for (const member of optionalEntities) checkReference(event[member], member, report);
  checkCommon(event, report);
}

function unknownEvent(type: unknown): string {
  const instead = isKnown(replacedEvents, type) ? replacedEvents[type] : undefined;
  return instead === undefined
    ? `must be an event of Caliper 1.2, such as ViewEvent, not ${quoted(type)}`
    : `${quoted(type)} is not an event of Caliper 1.2: send ${instead}`;
}

/** A description of an entity, not part of an event: its id has to mean something on its own. */
function checkEntityStructure(item: JsonObject, report: Report): void {
  checkRequired(item, ['id', 'type'], 'entity', report);
  const { id, type } = item;
  if (!isAbsent(id) && !(typeof id === 'string' && isIri(id))) {
    report('id', `must be an absolute IRI, such as https://example.edu/users/1, not ${quoted(id)}`);
  }
  if (!isAbsent(type) && !(typeof type === 'string' && isEntityType(type))) {
    report('type', `must be an event or entity of Caliper 1.2, such as ViewEvent or Person, not ${quoted(type)}`);
  }
  checkCommon(item, report);
}

function checkRequired(item: JsonObject, members: readonly string[], what: string, report: Report): void {
  for (const member of members) {
    if (isAbsent(item[member])) report(member, `is missing: every ${what} needs it`);
  }
}

/** An entity of an event: its IRI, or an object with id and type. */
function checkReference(value: unknown, path: string, report: Report): void {
  if (isAbsent(value)) return;
  if (typeof value === 'string') {
    if (!isEntityId(value)) report(path, badId(value));
    return;
  }
  if (!isObject(value)) {
    return report(path, `must be an entity: an object with id and type, or its IRI, not ${quoted(value)}`);
  }
  if (typeof value.id !== 'string' || !isEntityId(value.id)) report(memberPath(path, 'id'), badId(value.id));
  if (typeof value.type !== 'string' || value.type === '') {
    report(memberPath(path, 'type'), `must be a type of entity, such as Person, not ${quoted(value.type)}`);
  }
  if (!isAbsent(value.extensions) && !isObject(value.extensions)) {
    report(memberPath(path, 'extensions'), badExtensions(value.extensions));
  }
}

const badId = (id: unknown): string =>
  `must be an absolute IRI, such as https://example.edu/users/1, not ${quoted(id)}`;

const badExtensions = (value: unknown): string => `must be an object with your own attributes, not ${quoted(value)}`;

function checkCommon(item: JsonObject, report: Report): void {
  const context = item['@context'];
  if (!isAbsent(context) && typeof context !== 'string' && typeof context !== 'object') {
    report('@context', `must be a JSON-LD context: an IRI, a list or an object, not ${quoted(context)}`);
  }
  if (!isAbsent(item.extensions) && !isObject(item.extensions)) report('extensions', badExtensions(item.extensions));
}

const anyEntity = allowTypes(['Entity']);

function checkProfile(item: JsonObject, kind: ItemKind, index: number, structural: readonly Problem[]): Problem[] {
  const { problems, report } = collectProblems(index);
  checkContext(item['@context'], report);
  if (kind === 'event') checkEventProfile(item, report);
  else checkEntity(item, anyEntity, '', report);
  if (structural.length === 0 || problems.length === 0) return problems;
  const known = new Set(structural.map(({ path }) => path));
  return problems.filter(({ path }) => !known.has(path));
}

/** An inline context may define whatever it likes; what names contexts has to name Caliper's, as the last one (§4.1). */
function checkContext(context: unknown, report: Report): void {
  const last: unknown = Array.isArray(context) ? context.at(-1) : context;
  if (isAbsent(context) || isObject(last)) return;
  if (typeof last !== 'string' || !dataVersions.has(last)) {
    report('@context', `must be ${caliperContext}, or a list that ends with it`);
  }
}
