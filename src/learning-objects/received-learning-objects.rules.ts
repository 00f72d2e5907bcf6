import { type AppError, invalid } from '../errors';

/** The body of `PUT /los/:id` as it comes: JSON, or a form whose `lo` is JSON text. */
export interface ReceivedBody {
  id_loep?: number | string | null;
  id_repository?: number | string | null;
  lo: unknown;
}

/** What a LOEP server says of one of our learning objects. */
export interface ReceivedObject {
  /** The object's number there. */
  idLoep: number | null;
  /** As it came. */
  lo: Record<string, unknown>;
  scores: ReceivedScores;
}

/** By the metric's name, sorted; null: none yet. */
export type ReceivedScores = Record<string, number | null>;

/** The data are flat, with lists of words; `interactions` alone is an object. */
const maxDepth = 10;
const maxMetrics = 200;
const maxMetricName = 255;
const scorePrefix = 'Metric Score: ';

const refused = (path: string, message: string): AppError =>
  invalid('The notification is not as it should be.', { details: [{ path, message }] });

/** Reads a notification that came for the id `targetId`. Throws an invalid error that names the member. */
export function readReceived(targetId: string, body: ReceivedBody): ReceivedObject {
  const lo = readObject(body.lo);
  for (const id of [body.id_repository, lo['id_repository']]) {
    const given = typeof id === 'string' || typeof id === 'number' ? String(id) : '';
    if (given !== '' && given !== targetId) {
      throw refused('id_repository', `"${given.slice(0, 255)}" is not the id in the path, "${targetId}"`);
    }
  }
  return { idLoep: readIdLoep(body.id_loep) ?? readIdLoep(lo['id']), lo, scores: readScores(lo) };
}

function readObject(value: unknown): Record<string, unknown> {
  const lo = typeof value === 'string' ? parsed(value) : value;
  if (typeof lo !== 'object' || lo === null || Array.isArray(lo)) {
    throw refused('lo', 'must be a JSON object, or the text of one');
  }
  if (!isShallow(lo, maxDepth)) throw refused('lo', `may be nested ${maxDepth} levels deep`);
  return lo as Record<string, unknown>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const details = [{ path: 'lo', message: 'must be a JSON object, or the text of one' }];
    throw invalid('The notification is not as it should be.', { details, cause });
  }
}

/** Looks no deeper than it must: what is nested a million levels deep cannot be written again. */
const isShallow = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((member) => isShallow(member, levels - 1)));

function readIdLoep(value: unknown): number | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  if (value === '') return null;
  if (/^\d{1,15}$/.test(String(value))) return Number(value);
  throw refused('id_loep', 'must be an integer of up to 15 digits');
}

function readScores(lo: Record<string, unknown>): ReceivedScores {
  const names = Object.keys(lo)
    .filter((member) => member.startsWith(scorePrefix))
    .sort();
  if (names.length > maxMetrics) throw refused('lo', `may have the scores of up to ${maxMetrics} metrics`);
  if (names.some((name) => name.length > maxMetricName)) {
    throw refused('lo', `may have names of metrics of up to ${maxMetricName} characters`);
  }
  return Object.fromEntries(names.map((name) => [name.slice(scorePrefix.length), readScore(lo[name])]));
}

/** A number, in a form also as text; whatever else says that there is none. */
function readScore(value: unknown): number | null {
  const isNumeric = typeof value === 'number' || (typeof value === 'string' && /^-?\d{1,9}(\.\d{1,9})?$/.test(value));
  return isNumeric ? Number(value) : null;
}
