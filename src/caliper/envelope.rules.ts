import { isIri, isTime } from './formats.rules';
import { isAbsent, isObject, type JsonObject, memberPath, quoted } from './problems.rules';
import { caliperContext, dataVersions } from './vocabularies';

/** An envelope as it came (Caliper 1.2 §5.2). Its items are not looked at yet. */
export interface Envelope {
  sensor: string;
  /** ISO 8601 in UTC, with as many digits as were sent. */
  sendTime: string;
  dataVersion: string;
  data: readonly unknown[];
}

export interface EnvelopeProblem {
  path: string;
  reason: string;
}

export type ReadEnvelope =
  | { envelope: Envelope }
  /** `unknownVersion`: well formed but for a data version that is not 1.2, which the specification answers differently. */
  | { problems: EnvelopeProblem[]; unknownVersion: boolean };

export interface EnvelopeLimits {
  maxItems: number;
}

const members = ['sensor', 'sendTime', 'dataVersion', 'data'] as const;

/** Reads the body of a request. Takes any JSON value. */
export function readEnvelope(body: unknown, { maxItems }: EnvelopeLimits): ReadEnvelope {
  if (!isObject(body)) {
    return {
      problems: [{ path: '', reason: `must be a Caliper envelope, not ${quoted(body)}` }],
      unknownVersion: false,
    };
  }
  const problems = [
    ...members.filter((name) => isAbsent(body[name])).map((path) => ({ path, reason: 'is missing' })),
    ...misfits(body, maxItems),
    ...strangers(body),
  ];
  const { dataVersion } = body;
  const unknownVersion = typeof dataVersion === 'string' && !dataVersions.has(dataVersion);
  if (problems.length > 0) return { problems, unknownVersion: false };
  if (!unknownVersion) return { envelope: body as unknown as Envelope };
  const reason = `must be ${caliperContext}: ${quoted(dataVersion)} is not supported`;
  return { problems: [{ path: 'dataVersion', reason }], unknownVersion };
}

function misfits({ sensor, sendTime, dataVersion, data }: JsonObject, maxItems: number): EnvelopeProblem[] {
  const problems: EnvelopeProblem[] = [];
  const demand = (path: string, value: unknown, fits: boolean, expected: string): void => {
    if (!isAbsent(value) && !fits) problems.push({ path, reason: `must be ${expected}, not ${quoted(value)}` });
  };
  demand('sensor', sensor, typeof sensor === 'string' && isIri(sensor), 'an absolute IRI');
  const isSendTime = typeof sendTime === 'string' && isTime(sendTime);
  demand('sendTime', sendTime, isSendTime, 'a time in UTC, such as 2026-01-31T12:00:00.000Z');
  demand('dataVersion', dataVersion, typeof dataVersion === 'string', caliperContext);
  demand('data', data, Array.isArray(data), 'a list of events and entities');
  if (Array.isArray(data) && data.length === 0) problems.push({ path: 'data', reason: 'must hold at least one item' });
  if (Array.isArray(data) && data.length > maxItems) {
    const reason = `must hold no more than ${maxItems} items: send the rest in further envelopes`;
    problems.push({ path: 'data', reason });
  }
  return problems;
}

/** More are not named. */
const maxStrangers = 10;

/** No custom members are permitted (§5.2). */
const strangers = (body: JsonObject): EnvelopeProblem[] =>
  Object.keys(body)
    .filter((name) => !(members as readonly string[]).includes(name))
    .slice(0, maxStrangers)
    .map((name) => ({ path: memberPath('', name), reason: 'is not a member of an envelope' }));
