import { type ErrorDetail, invalid, unprocessable } from '../errors';
import { checkItem } from './check-item.rules';
import { type Envelope, readEnvelope } from './envelope.rules';
import type { Problem } from './problems.rules';
import { hasEscapes } from './storable.rules';

export interface JudgeSettings {
  maxItems: number;
  /** Whether an item that is not as Caliper 1.2 says of its type is refused, or taken with a warning. */
  profileProblems: 'refuse' | 'warn';
}

export interface JudgedEnvelope {
  envelope: Envelope;
  /** Places in `data`. */
  events: number[];
  entities: number[];
  /** What is not as it should be, and was let pass. */
  warnings: Problem[];
  /** How many there are, listed or not. */
  warned: number;
}

/** More are counted, not listed: each names a member, so that a megabyte of faults would be answered with ten. */
export const maxListed = 1000;

/**
 * Reads any JSON value as an envelope; `json` is what it was read from. Throws `invalid` with everything that is wrong, by item, or `unprocessable` for another
 * version of Caliper.
 */
export function judgeEnvelope(
  body: unknown,
  json: Buffer,
  { maxItems, profileProblems }: JudgeSettings,
): JudgedEnvelope {
  const read = readEnvelope(body, { maxItems });
  if ('problems' in read) {
    const details = read.problems.map(({ path, reason }) => ({ path, message: reason }));
    if (read.unknownVersion) throw unprocessable('This version of Caliper is not supported.', { details });
    throw invalid('The envelope is not as it should be.', { details });
  }
  const judged: JudgedEnvelope = { envelope: read.envelope, events: [], entities: [], warnings: [], warned: 0 };
  const refused: Problem[] = [];
  let items = 0;
  let problems = 0;
  const withTexts = hasEscapes(json);
  read.envelope.data.forEach((item, index) => {
    const { kind, structural, profile } = checkItem(item, index, withTexts);
    (kind === 'event' ? judged.events : judged.entities).push(index);
    const isWarning = profileProblems === 'warn';
    const faults = isWarning ? structural : [...structural, ...profile];
    if (faults.length > 0) items += 1;
    problems += faults.length;
    list(refused, faults);
    if (!isWarning) return;
    judged.warned += profile.length;
    list(judged.warnings, profile);
  });
  if (problems > 0) throw refusal(items, read.envelope.data.length, problems, refused);
  return judged;
}

function list(listed: Problem[], problems: readonly Problem[]): void {
  listed.push(...problems.slice(0, maxListed - listed.length));
}

export const detailsOf = (problems: readonly Problem[]): ErrorDetail[] =>
  problems.map(({ index, path, reason }) => ({ index, path, message: reason }));

function refusal(items: number, all: number, problems: number, listed: readonly Problem[]) {
  const first = problems > listed.length ? ` The first ${listed.length} of ${problems} problems are listed.` : '';
  return invalid(`${items} of ${all} ${all === 1 ? 'item is' : 'items are'} not valid; nothing was stored.${first}`, {
    details: detailsOf(listed),
  });
}
