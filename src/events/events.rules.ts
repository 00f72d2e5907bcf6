import { hash } from 'node:crypto';
import type { ErrorDetail } from '../errors';
import type { NewEvent } from './events.schemas';
import { isStorableText, notText, whyNotStorable } from './json-limits.rules';

/** What an event says, its times read. */
export interface EventContent {
  programId: string;
  memberId: string;
  type: string;
  startsAt: Date;
  endsAt: Date;
  data: object;
  referenceId: string | undefined;
}

/** Bytes of EventData as JSON. */
export const maxDataBytes = 256 * 1024;
export const maxDataDepth = 100;

/** ISO 8601, in UTC whether it says so or not; seconds and their fraction may be left out, a space may stand for the T. */
const utcTime = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,30}))?)?\s?(?:Z|[+-]00:?00)?$/i;

/** A time in UTC to the millisecond, digits beyond which are dropped. Undefined for what is none, or in another zone. */
export function readUtcTime(text: string): Date | undefined {
  const [, day, minute, second = '00', fraction = ''] = utcTime.exec(text) ?? [];
  if (day === undefined) return undefined;
  const date = new Date(`${day}T${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1) return undefined;
  // 30 February would be 2 March; the day after 24:00 is what was meant.
  return minute!.startsWith('24') || date.getUTCDate() === Number(day.slice(8)) ? date : undefined;
}

/** As times are answered: `2017-12-31T07:00:00Z`, with milliseconds where there are some. */
export const showTime = (time: Date): string => time.toISOString().replace('.000Z', 'Z');

/** Reads a body that fits its schema; every member that is not as it should be is named. */
export function readEvent(eventId: string, body: NewEvent): { content: EventContent } | { problems: ErrorDetail[] } {
  const problems: ErrorDetail[] = [];
  const say = (path: string, message: string) => void problems.push({ path, message });
  const { ProgramId, ProgramMemberId, EventType, EventData } = body;
  const referenceId = body.ReferenceEventId ?? undefined;
  const startsAt = readUtcTime(body.EventStartUTC);
  const endsAt = readUtcTime(body.EventEndUTC);
  if (!eventId.startsWith(`${ProgramId}-`) || eventId.length === ProgramId.length + 1) {
    say('eventId', 'must begin with the ProgramId and a hyphen, and go on');
  }
  const sayOfText = (path: string, text: string): void => {
    if (!isStorableText(text)) say(path, notText);
  };
  sayOfText('eventId', eventId);
  sayOfText('ProgramId', ProgramId);
  sayOfText('ProgramMemberId', ProgramMemberId);
  sayOfText('EventType', EventType);
  if (referenceId !== undefined) sayOfText('ReferenceEventId', referenceId);
  if (!startsAt) say('EventStartUTC', notATime);
  if (!endsAt) say('EventEndUTC', notATime);
  if (startsAt && endsAt && endsAt < startsAt) say('EventEndUTC', 'must not lie before EventStartUTC');
  if (referenceId === eventId) say('ReferenceEventId', 'must be another event’s');
  const unstorable = whyNotStorable(EventData, maxDataDepth);
  if (unstorable !== undefined) say('EventData', unstorable);
  if (problems.length > 0 || !startsAt || !endsAt) return { problems };
  const content = {
    programId: ProgramId,
    memberId: ProgramMemberId,
    type: EventType,
    startsAt,
    endsAt,
    data: EventData,
    referenceId,
  };
  return { content };
}

const notATime = 'must be a date and time in UTC such as 2026-01-31T12:00:00Z';

/** The same text for the same content, whatever the order of its members. */
export const canonicalData = (data: object): string => JSON.stringify(inOrder(data));

/** The same for the same content, in hexadecimal. `data` is canonical. */
export function hashEvent(content: Omit<EventContent, 'data'>, data: string): string {
  const { programId, memberId, type, startsAt, endsAt, referenceId } = content;
  const head = JSON.stringify([programId, memberId, type, startsAt.getTime(), endsAt.getTime(), referenceId ?? null]);
  return hash('sha256', head + data);
}

/** With the members of every object in the order of their names; what is nested deeply was refused before. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  // Without a prototype, to which __proto__ would be another thing than a member.
  const sorted = Object.create(null) as Record<string, unknown>;
  for (const name of Object.keys(value).sort()) sorted[name] = inOrder((value as Record<string, unknown>)[name]);
  return sorted;
}
