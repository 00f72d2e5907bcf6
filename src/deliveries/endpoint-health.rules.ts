import {
  type Attempt,
  answeredAt,
  askedWait,
  failureOf,
  gone,
  jittered,
  obsolete,
  succeeded,
} from './deliveries.rules';

/**
 * `paused` by an operator; `recovering` because it fails as a whole: its deliveries are held back; `probing`: one of them
 * may try it; `disabled` by its own answer 410.
 */
export type EndpointState = 'active' | 'paused' | 'recovering' | 'probing' | 'disabled' | 'deleted';

/** What an endpoint's answers have shown so far. */
export interface EndpointHealth {
  state: EndpointState;
  /** Deliveries whose first attempt failed since the last success. */
  failures: number;
  failing_since: Date | null;
  /** For a person. */
  last_failure: string | null;
  /** A delivery has died since the last success. */
  dying: boolean;
  /** Probes that failed in a row. */
  probes: number;
  next_probe_at: Date | null;
  held_until: Date | null;
}

/** One attempt as the endpoint's health sees it. */
export interface Sign {
  attempt: Attempt;
  /** The delivery is dead by it. */
  died: boolean;
  /** It was sent to try an endpoint that is held back, and not before that. */
  isProbe: boolean;
}

export interface HealthTerms {
  /** It has a URL of its own: what it answers is about all of it, and not about the URL of one request. */
  isOwn: boolean;
  /** From 0 to 1. */
  random: number;
}

/** What an operator is told of, as a log line and as a metric. */
export type EndpointChange = 'failing' | 'held' | 'probe-failed' | 'disabled' | 'recovered' | 'dying';

/** An endpoint is said to be failing after this many deliveries in a row could not be made at the first try… */
const failingAfter = 3;
/** … and fails as a whole after as many as it usually has slots: it is held back, and one delivery at a time probes it. */
const holdAfter = 10;

/** Seconds to the first, second… probe; the last one from then on: so much later at most is a recovery noticed. */
const probeSeconds = [5, 15, 30, 60, 120, 300, 600, 900];

/** Which states the drain sends to. */
export const isOpen = (state: EndpointState): boolean => state === 'active' || state === 'probing';

/** The endpoint's health after one more attempt, and what of it is news. */
export function nextHealth(
  health: EndpointHealth,
  sign: Sign,
  terms: HealthTerms,
): { health: EndpointHealth; changes: EndpointChange[] } {
  if (sign.attempt.outcome === obsolete) return { health, changes: [] };
  if (succeeded(sign.attempt)) return afterSuccess(health);
  if (sign.attempt.status === gone && terms.isOwn) return afterGone(health, sign);
  return afterFailure(health, sign, terms);
}

function afterSuccess(health: EndpointHealth): { health: EndpointHealth; changes: EndpointChange[] } {
  const wasNoticed = health.failures >= failingAfter || health.dying || isHeld(health.state);
  return {
    health: {
      ...health,
      state: isHeld(health.state) ? 'active' : health.state,
      failures: 0,
      failing_since: null,
      last_failure: null,
      dying: false,
      probes: 0,
      next_probe_at: null,
    },
    changes: wasNoticed ? ['recovered'] : [],
  };
}

const isHeld = (state: EndpointState): boolean => state === 'recovering' || state === 'probing';

/** Gone for good, as it says itself: nothing more is sent until somebody resumes it. */
function afterGone(health: EndpointHealth, { attempt }: Sign): { health: EndpointHealth; changes: EndpointChange[] } {
  if (health.state === 'deleted' || health.state === 'disabled') return { health, changes: [] };
  return {
    health: { ...failed(health, attempt), state: 'disabled', next_probe_at: null },
    changes: ['disabled'],
  };
}

function afterFailure(
  health: EndpointHealth,
  { attempt, died, isProbe }: Sign,
  { isOwn, random }: HealthTerms,
): { health: EndpointHealth; changes: EndpointChange[] } {
  const next = failed(health, attempt);
  const changes: EndpointChange[] = [];
  if (died && !health.dying) changes.push('dying');
  next.dying = health.dying || died;
  if (isOwn && asksForRest(attempt)) next.held_until = latest(health.held_until, restUntil(attempt));
  // A retry says nothing new of the endpoint, and one that asks to be called less often works.
  const counts = attempt.number === 1 && attempt.status !== 429;
  next.failures = health.failures + (counts ? 1 : 0);
  if (health.failures < failingAfter && next.failures >= failingAfter) changes.push('failing');
  if (health.state === 'probing' && isProbe) {
    changes.push('probe-failed');
    return { health: held(next, health.probes + 1, attempt, random), changes };
  }
  if (health.state === 'active' && next.failures >= holdAfter) {
    changes.push('held');
    return { health: held(next, 0, attempt, random), changes };
  }
  return { health: next, changes };
}

const failed = (health: EndpointHealth, attempt: Attempt): EndpointHealth => ({
  ...health,
  failing_since: health.failing_since ?? attempt.at,
  last_failure: failureOf(attempt),
});

function held(health: EndpointHealth, probes: number, attempt: Attempt, random: number): EndpointHealth {
  const wait = jittered(probeSeconds[probes] ?? probeSeconds.at(-1) ?? 0, random);
  const due = new Date(answeredAt(attempt).getTime() + wait * 1000);
  return { ...health, state: 'recovering', probes, next_probe_at: latest(health.held_until, due) };
}

/** Too Many Requests (RFC 6585 4) and Service Unavailable (RFC 9110 15.6.4), with the time to come back. */
const asksForRest = (attempt: Attempt): boolean =>
  (attempt.status === 429 || attempt.status === 503) && askedWait(attempt) > 0;

const restUntil = (attempt: Attempt): Date => new Date(answeredAt(attempt).getTime() + askedWait(attempt) * 1000);

const latest = (one: Date | null, other: Date): Date => (one !== null && one > other ? one : other);
