import { type Attempt, failureOf, judge, retryAfterSeconds, windowOf } from '../../src/deliveries/deliveries.rules';

const start = new Date('2026-11-01T00:00:00Z');
const after = (seconds: number): Date => new Date(start.getTime() + seconds * 1000);
const threeDays = 3 * 24 * 3600;
const terms = { firstAttemptAt: start, deadAfterSeconds: threeDays, random: 0.5 };
const attempt = (more: Partial<Attempt>): Attempt => ({ number: 1, at: start, latencyMs: 0, outcome: '', ...more });

/** Seconds from the attempt to the next one. */
function waitAfter(made: Attempt, overrides: Partial<typeof terms> = {}): number {
  const verdict = judge(made, { ...terms, ...overrides });
  if (verdict.state !== 'retrying') throw new Error(`it is ${verdict.state}`);
  return (verdict.nextAttemptAt.getTime() - made.at.getTime()) / 1000;
}

describe('what an attempt leads to', () => {
  test.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [299, 'delivered'],
    [301, 'retrying'],
    [307, 'retrying'],
    [400, 'retrying'],
    [401, 'retrying'],
    [404, 'retrying'],
    [410, 'dead'],
    [429, 'retrying'],
    [500, 'retrying'],
    [503, 'retrying'],
    [undefined, 'retrying'],
  ])('status %s: %s', (status, state) => {
    const made = attempt(status === undefined ? { error: 'refused' } : { status });
    expect(judge(made, terms).state).toBe(state);
  });

  test.each([
    ['just before the time is over', threeDays - 1, 'retrying'],
    ['when the time is over', threeDays, 'dead'],
    ['long after', 2 * threeDays, 'dead'],
  ])('a failure %s', (_, seconds, state) => {
    expect(judge(attempt({ number: 20, at: after(seconds), status: 500 }), terms).state).toBe(state);
  });

  test('a success is a success however late', () => {
    expect(judge(attempt({ at: after(2 * threeDays), status: 200 }), terms).state).toBe('delivered');
  });
});

describe('the wait for the next attempt', () => {
  test.each([
    [1, 5],
    [2, 15],
    [3, 60],
    [4, 300],
    [5, 900],
    [6, 3600],
    [7, 3 * 3600],
    [8, 6 * 3600],
    [9, 6 * 3600],
    [30, 6 * 3600],
  ])('after attempt %i: %i s', (number, seconds) => {
    expect(waitAfter(attempt({ number, status: 500 }))).toBe(seconds);
  });

  test.each([
    [0, 48],
    [0.25, 54],
    [1, 72],
  ])('randomness %f makes of a minute %i s', (random, seconds) => {
    expect(waitAfter(attempt({ number: 3, status: 500 }), { random })).toBe(seconds);
  });

  test('counts from the end of the attempt', () => {
    expect(waitAfter(attempt({ latencyMs: 15_000, error: 'timed out' }))).toBe(20);
  });

  test.each([
    ['longer than planned', 1, '120', 120],
    ['shorter than planned', 5, '1', 900],
    ['longer than is obeyed', 1, '604800', 6 * 3600],
    ['a date', 1, 'Sun, 01 Nov 2026 00:10:00 GMT', 600],
  ])('a Retry-After that is %s', (_, number, retryAfter, seconds) => {
    expect(waitAfter(attempt({ number, status: 429, retryAfter }))).toBe(seconds);
  });

  test('the last attempt is made when the time is over, not after', () => {
    expect(waitAfter(attempt({ number: 19, at: after(threeDays - 100), status: 500 }))).toBe(100);
  });
});

test.each([
  [undefined, 0],
  ['', 0],
  ['30', 30],
  [' 30 ', 30],
  ['-5', 0],
  ['1.5', 0],
  ['soon', 0],
  ['2026-11-01', 0],
  ['Sun, 01 Nov 2026 00:00:30 GMT', 30],
  ['Sat, 31 Oct 2026 00:00:00 GMT', 0],
])('Retry-After %j is %f s', (header, seconds) => {
  expect(retryAfterSeconds(header, start)).toBe(seconds);
});

test.each([
  [{ status: 503 }, 'the receiver answered 503'],
  [{ error: 'host refused the connection' }, 'host refused the connection'],
])('%j reads "%s"', (made, text) => {
  expect(failureOf(made)).toBe(text);
});

test.each([
  ['a new endpoint: its slots', 10, 0, 10],
  ['one that hangs: its slots', 10, 0, 10],
  ['one that took 10: twice as many ahead', 10, 10, 30],
  ['a very fast one: no more than the limit', 10, 500, 200],
  ['one with many slots', 100, 500, 200],
])('window of %s', (_, slots, finished, window) => {
  expect(windowOf(slots, finished)).toBe(window);
});
