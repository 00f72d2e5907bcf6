import { hash } from 'node:crypto';
import { microsecondsOf } from './formats.rules';
import { isObject, type JsonObject } from './shapes.rules';
import { signatureUsage } from './statement.rules';

/** Set by who stores it, and so no part of what a statement says (xAPI 1.0.3 Data 2.3.1). */
const assigned = new Set(['id', 'stored', 'authority', 'version']);

export interface Meaning {
  /**
   * The same for statements that say the same (Data 2.3.1, 2.4.3, 2.4.4): in whatever order their members and the members of a group are,
   * with or without the words in which verbs and activities are described.
   */
  said: string;
  /** A moment, in whatever zone it is written; undefined: who stores the statement says which. */
  at: string | undefined;
}

export function meaningOf(statement: JsonObject): Meaning {
  const { timestamp, ...rest } = statement;
  const at = timestamp === undefined ? undefined : JSON.stringify(plain(timestamp, 'timestamp'));
  return { said: JSON.stringify(plain(rest, '')), at };
}

/** Of a checked statement's meaning, in hex: 12 bytes of SHA-256 of what it says, and 4 for its moment, zero where it has none. */
export function meaningHash(statement: JsonObject): string {
  const { said, at } = meaningOf(statement);
  const moment = at === undefined ? 0 : 1 + (Math.abs(Number(at)) % momentRange);
  return hash('sha256', said).slice(0, saidLength) + moment.toString(16).padStart(8, '0');
}

const saidLength = 24;
/** Prime, and below what 4 bytes hold. */
const momentRange = 4_294_967_291;
const noMoment = '0'.repeat(8);

/** By their hashes. The one may have a moment that was given to it where the other has none. */
export function isSameMeaning(one: string, other: string): boolean {
  if (one.slice(0, saidLength) !== other.slice(0, saidLength)) return false;
  const moments = [one.slice(saidLength), other.slice(saidLength)];
  return moments[0] === moments[1] || moments.includes(noMoment);
}

/** The same without signatures: what was signed. Also for what is said to be a statement, and need not be one. */
export function withoutSignatures(statement: JsonObject): JsonObject {
  const { attachments, ...rest } = statement;
  if (!Array.isArray(attachments)) return statement;
  const others = attachments.filter((one) => !isObject(one) || one['usageType'] !== signatureUsage);
  return others.length > 0 ? { ...rest, attachments: others } : rest;
}

function plain(value: unknown, name: string): unknown {
  if (name === 'extensions') return ordered(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => plain(item, ''));
    return name === 'member' ? items.map((item) => JSON.stringify(item)).sort() : items;
  }
  if (!isObject(value)) return scalar(value, name);
  const kept = Object.keys(value)
    .filter((member) => !isWording(member, value, name))
    .sort();
  return kept.map((member) => {
    const inner = value[member];
    return [member, name === 'contextActivities' ? [inner].flat().map((one) => plain(one, '')) : plain(inner, member)];
  });
}

function scalar(value: unknown, name: string): unknown {
  if (typeof value !== 'string') return value;
  if (name === 'timestamp') return microsecondsOf(value) ?? value;
  return name === 'duration' ? toHundredths(value) : value;
}

/** A duration is compared as a text, no finer than a hundredth of a second (Data 2.3.1, 4.6; 9274.1.1 4.2.7). */
const toHundredths = (duration: string): string => duration.replace(/([.,]\d\d)\d+S$/, '$1S');

function isWording(member: string, owner: JsonObject, name: string): boolean {
  if (name === '' && 'actor' in owner) return assigned.has(member);
  return (
    (member === 'display' && name === 'verb') ||
    (member === 'definition' && 'id' in owner) ||
    (member === 'objectType' && (owner[member] === 'Activity' || owner[member] === 'Agent')) ||
    (member === 'name' && ('mbox' in owner || 'mbox_sha1sum' in owner || 'openid' in owner || 'account' in owner))
  );
}

/** Extensions mean what they say, word for word. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  return Object.keys(value)
    .sort()
    .map((member) => [member, ordered(value[member])]);
}
