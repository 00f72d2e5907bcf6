/** What a delivery is about. Deliveries of one subject to one endpoint go out one after the other. */
export interface Subject {
  kind: SubjectKind;
  /** Up to 255 characters. */
  id: string;
}

export const subjectKinds = ['import-job', 'learning-object', 'event-member', 'test'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/**
 * `pending` is the drain's to send; `blocked` waits for an older one of its subject; `retrying` waits for its time after a
 * failure; the others are final.
 */
export const deliveryStates = ['pending', 'blocked', 'retrying', 'delivered', 'dead', 'cancelled'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export const isFinished = (state: DeliveryState): boolean =>
  state === 'delivered' || state === 'dead' || state === 'cancelled';

/** One try: either the receiver answered with a status, or an error says why it did not. */
export interface Attempt {
  number: number;
  at: Date;
  latencyMs: number;
  status?: number;
  /** The beginning of the body. */
  answer?: string;
  error?: string;
  /** The beginning of what was sent, where that was computed for this attempt. */
  request?: string;
  /** A stable word for metrics: `delivered`, `status_5xx`, `timed_out`, `unreachable`… */
  outcome: string;
  /** The answer's Retry-After, as it came. */
  retryAfter?: string;
}

/** The outcome of an attempt that found nothing to tell any more: its subject is gone. */
export const obsolete = 'obsolete';

export interface RetryTerms {
  firstAttemptAt: Date;
  /** A delivery is dead this long after its first attempt. */
  deadAfterSeconds: number;
  /** Attempts that do not count for the schedule: those before an operator asked for it again. */
  before?: number;
  /** From 0 to 1. */
  random: number;
}

/** What an attempt leads to. */
export type Verdict = { state: 'delivered' | 'dead' | 'cancelled' } | { state: 'retrying'; nextAttemptAt: Date };

const minute = 60;
const hour = 60 * minute;

/** Seconds to wait after the first, second, third… failed attempt; the last one from then on. */
const retrySeconds = [5, 15, minute, 5 * minute, 15 * minute, hour, 3 * hour, 6 * hour];
const longestWait = 6 * hour;

/** Waits differ by up to a fifth either way, so that what failed together does not come back together. */
const jitter = 0.2;

export const jittered = (value: number, random: number): number => value * (1 - jitter + 2 * jitter * random);

/** Gone (RFC 9110 15.5.11): the one answer after which a receiver is not asked again (Standard Webhooks, "410"). */
export const gone = 410;

/**
 * Everything but 410 is tried again until the delivery is too old; the last attempt is made at that moment. A receiver's
 * Retry-After can make a wait longer, up to 6 h, but never shorter: that would let it ask for thousands of attempts.
 */
export function judge(attempt: Attempt, { firstAttemptAt, deadAfterSeconds, before = 0, random }: RetryTerms): Verdict {
  if (attempt.outcome === obsolete) return { state: 'cancelled' };
  if (succeeded(attempt)) return { state: 'delivered' };
  const deadline = firstAttemptAt.getTime() + deadAfterSeconds * 1000;
  const now = answeredAt(attempt);
  if (attempt.status === gone || now.getTime() >= deadline) return { state: 'dead' };
  const planned = jittered(retrySeconds[attempt.number - before - 1] ?? longestWait, random);
  const wait = Math.max(planned, askedWait(attempt));
  return { state: 'retrying', nextAttemptAt: new Date(Math.min(now.getTime() + wait * 1000, deadline)) };
}

/** Redirects are failures: a postback goes to where it was asked to go. */
export const succeeded = ({ status = 0 }: Attempt): boolean => status >= 200 && status < 300;

export const answeredAt = ({ at, latencyMs }: Attempt): Date => new Date(at.getTime() + latencyMs);

/** Seconds for which the receiver asked to be left alone, as far as that is honoured. */
export const askedWait = (attempt: Attempt): number =>
  Math.min(retryAfterSeconds(attempt.retryAfter, answeredAt(attempt)), longestWait);

/** Retry-After (RFC 9110 10.2.3) as seconds from `now`; 0 where it is absent, in the past or not understood. */
export function retryAfterSeconds(header: string | undefined, now: Date): number {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text);
  // Only a real HTTP date: Date.parse would read "-5" as a year.
  const at = /^[A-Z][a-z]+, .* GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? 0 : Math.max(0, (at - now.getTime()) / 1000);
}

/** Why an attempt failed, for a person. */
export const failureOf = ({ status, error }: Pick<Attempt, 'status' | 'error'>): string =>
  status === undefined ? (error ?? 'it could not be sent') : `the receiver answered ${status}`;

/** How many deliveries an endpoint may have in hand at most: claimed, being sent or waiting for their result to be written. */
const mostInHand = 200;

/**
 * How many deliveries an endpoint may have in hand: its slots, and a reserve that follows what it has just taken, so that
 * a fast one never waits for the next claim while one that hangs holds no more than its slots.
 */
export const windowOf = (slots: number, finishedSinceClaim: number): number =>
  Math.min(slots + 2 * finishedSinceClaim, Math.max(slots, mostInHand));
