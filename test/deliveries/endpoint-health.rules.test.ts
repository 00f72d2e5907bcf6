import type { Attempt } from '../../src/deliveries/deliveries.rules';
import { type EndpointChange, type EndpointHealth, nextHealth } from '../../src/deliveries/endpoint-health.rules';

const start = new Date('2026-11-01T00:00:00Z');
const well: EndpointHealth = {
  state: 'active',
  failures: 0,
  failing_since: null,
  last_failure: null,
  dying: false,
  probes: 0,
  next_probe_at: null,
  held_until: null,
};
const terms = { isOwn: true, random: 0.5 };

interface Made extends Partial<Attempt> {
  died?: boolean;
  isProbe?: boolean;
}
const failure: Made = { status: 500 };
const success: Made = { status: 200 };

/** What comes of attempts one after the other, a second apart. */
function after(from: Partial<EndpointHealth>, attempts: Made[], overrides: Partial<typeof terms> = {}) {
  let health: EndpointHealth = { ...well, ...from };
  const changes: EndpointChange[] = [];
  attempts.forEach(({ died = false, isProbe = false, ...made }, index) => {
    const at = new Date(start.getTime() + index * 1000);
    const attempt = { number: 1, at, latencyMs: 0, outcome: '', ...made };
    const next = nextHealth(health, { attempt, died, isProbe }, { ...terms, ...overrides });
    health = next.health;
    changes.push(...next.changes);
  });
  return { health, changes };
}

const times = (count: number, made: Made): Made[] => Array.from({ length: count }, () => made);
const secondsTo = (date: Date | null): number => ((date?.getTime() ?? Number.NaN) - start.getTime()) / 1000;

describe('an endpoint that works', () => {
  test('stays as it is', () => {
    expect(after({}, times(5, success))).toEqual({ health: well, changes: [] });
  });

  test('says nothing of a single failure, and forgets it with the next success', () => {
    expect(after({}, [failure]).health).toMatchObject({ state: 'active', failures: 1, failing_since: start });
    expect(after({}, [failure, failure, success])).toEqual({ health: well, changes: [] });
  });

  test('is said to fail after three in a row, once', () => {
    expect(after({}, times(5, failure)).changes).toEqual(['failing']);
    expect(after({}, [...times(5, failure), success]).changes).toEqual(['failing', 'recovered']);
  });

  test('is held back after ten in a row, and first probed 5 s later', () => {
    const { health, changes } = after({}, times(10, failure));
    expect(changes).toEqual(['failing', 'held']);
    expect(health).toMatchObject({ state: 'recovering', failures: 10, probes: 0, failing_since: start });
    expect(health.last_failure).toBe('the receiver answered 500');
    expect(secondsTo(health.next_probe_at)).toBe(9 + 5);
  });

  test('is not held back for what fails again and again', () => {
    expect(after({}, times(30, { ...failure, number: 7 }))).toMatchObject({ health: { state: 'active', failures: 0 } });
  });

  test('is not held back for asking to be called less often', () => {
    const { health } = after({}, times(30, { status: 429, retryAfter: '60' }));
    expect(health).toMatchObject({ state: 'active', failures: 0 });
    expect(secondsTo(health.held_until)).toBe(29 + 60);
  });

  test('is left alone for as long as it asks, not longer than six hours', () => {
    expect(secondsTo(after({}, [{ status: 503, retryAfter: '120' }]).health.held_until)).toBe(120);
    expect(secondsTo(after({}, [{ status: 429, retryAfter: '999999' }]).health.held_until)).toBe(6 * 3600);
    expect(after({}, [{ status: 500, retryAfter: '120' }]).health.held_until).toBeNull();
    expect(after({}, [{ status: 429, retryAfter: '120' }], { isOwn: false }).health.held_until).toBeNull();
  });

  test('is disabled when it says that it is gone, unless that is about one URL of many', () => {
    expect(after({}, [{ status: 410, died: true }])).toMatchObject({
      health: { state: 'disabled' },
      changes: ['disabled'],
    });
    expect(after({}, [{ status: 410, died: true }], { isOwn: false })).toMatchObject({
      health: { state: 'active' },
      changes: ['dying'],
    });
  });

  test('is told of when its deliveries begin to die, once', () => {
    const dead = { ...failure, number: 20, died: true };
    expect(after({}, [dead, dead]).changes).toEqual(['dying']);
    expect(after({}, [dead, success, dead]).changes).toEqual(['dying', 'recovered', 'dying']);
  });

  test('has nothing to do with a delivery whose subject is gone', () => {
    expect(after({}, times(20, { outcome: 'obsolete', error: 'gone' }))).toEqual({ health: well, changes: [] });
  });
});

describe('an endpoint that is probed', () => {
  const probing = { state: 'probing', failures: 10, failing_since: start, next_probe_at: start } as const;

  const failedProbe: Made = { ...failure, isProbe: true };

  test('is open with the first success', () => {
    expect(after(probing, [success])).toEqual({ health: well, changes: ['recovered'] });
  });

  test.each([
    [0, 15],
    [1, 30],
    [2, 60],
    [3, 120],
    [4, 300],
    [5, 600],
    [6, 900],
    [7, 900],
    [100, 900],
  ])('after %i failed probes and one more waits %i s', (probes, seconds) => {
    const { health, changes } = after({ ...probing, probes }, [failedProbe]);
    expect(changes).toEqual(['probe-failed']);
    expect(health).toMatchObject({ state: 'recovering', probes: probes + 1 });
    expect(secondsTo(health.next_probe_at)).toBe(seconds);
  });

  test('waits a fifth less or more by chance', () => {
    expect(secondsTo(after(probing, [failedProbe], { random: 0 }).health.next_probe_at)).toBeCloseTo(12);
    expect(secondsTo(after(probing, [failedProbe], { random: 1 }).health.next_probe_at)).toBeCloseTo(18);
  });

  test('learns nothing from what was sent before, and fails late', () => {
    expect(after(probing, [failure])).toMatchObject({ health: { state: 'probing', probes: 0 }, changes: [] });
  });

  test('waits for as long as it asks', () => {
    expect(secondsTo(after(probing, [{ ...failedProbe, status: 503, retryAfter: '3600' }]).health.next_probe_at)).toBe(
      3600,
    );
  });
});

test.each(['paused', 'disabled'] as const)('one that is %s stays so, whatever comes in late', (state) => {
  expect(after({ state }, times(12, failure)).health.state).toBe(state);
  expect(after({ state }, [success]).health.state).toBe(state);
});
