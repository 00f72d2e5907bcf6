import * as fc from 'fast-check';
import {
  advance,
  approve,
  awaitsApproval,
  changeDates,
  enroll,
  type Enrollment,
  type EnrollmentChange,
  type Facts,
  type NewItem,
  newItems,
  noFacts,
  type Outcome,
  remove,
  supersede,
} from '../../src/programs/enrollment.rules';
import {
  addDays,
  daysUntil,
  defaultSettings,
  type EnrollmentDates,
  type ProgramSettings,
  settingsProblems,
} from '../../src/programs/program-settings.rules';

const start = new Date('2026-01-01T00:00:00Z');
const day = (days: number): Date => addDays(start, days);

const course = (id: string, days: number | null = null): NewItem => ({
  item_id: id.charCodeAt(0),
  course_id: id,
  title: null,
  requires_approval: false,
  days_until_due: days,
});
const step = (itemId: number): NewItem => ({
  item_id: itemId,
  course_id: null,
  title: 'Interview',
  requires_approval: true,
  days_until_due: null,
});

interface Case {
  settings?: Partial<ProgramSettings>;
  items?: NewItem[];
  dates?: Partial<EnrollmentDates>;
  facts?: Facts;
}

const made = ({ settings = {}, items = [course('a'), course('b')], dates = {}, facts = noFacts }: Case = {}): Outcome =>
  enroll(
    {
      id: 1,
      application_id: 'application',
      program_id: 2,
      learner_id: 3,
      previous_id: null,
      counts_from: null,
      settings: { ...defaultSettings, ...settings },
      items: newItems(items, start),
      dates,
    },
    facts,
    start,
  );

const completed = (...courses: [string, Date][]): Facts => ({ ...noFacts, completions: new Map(courses) });
const types = ({ changes }: Outcome): string[] => changes.map(({ type }) => type);
const told = ({ changes }: Outcome): [string, Date][] => changes.map(({ type, at }) => [type, at]);

describe('enroll', () => {
  it('takes dates from the settings', () => {
    const { enrollment } = made({
      settings: { default_days_until_due: 30, expires: true, default_days_until_expiration: 365 },
    });
    expect(enrollment).toMatchObject({ end_at: day(30), expires_at: day(365), next_wake_at: day(30) });
  });

  it('takes given dates before those of the settings; null is none', () => {
    const settings = { default_due_on_date: day(9).toISOString() };
    expect(made({ settings }).enrollment.end_at).toEqual(day(9));
    expect(made({ settings, dates: { end_at: day(4) } }).enrollment.end_at).toEqual(day(4));
    expect(made({ settings, dates: { end_at: null } }).enrollment.end_at).toBeNull();
  });

  it('counts what was completed before, from its own beginning', () => {
    const outcome = made({ facts: completed(['a', day(-5)], ['b', day(-2)]) });
    expect(outcome.enrollment).toMatchObject({ state: 'complete', completed_at: start, progress: 10_000 });
    expect(told(outcome)).toEqual([
      ['enrolled', start],
      ['step_completed', start],
      ['step_completed', start],
      ['completed', start],
    ]);
    expect(outcome.enrollment.items[0]?.completed_at).toEqual(day(-5));
  });

  it('is not overdue where all was completed before, though its due date has passed', () => {
    const dates = { end_at: day(-1) };
    expect(types(made({ dates, facts: completed(['a', day(-5)], ['b', day(-2)]) }))).not.toContain('overdue');
    expect(types(made({ dates }))).toContain('overdue');
  });

  it('does not remind of what has passed by then', () => {
    const { enrollment } = made({ settings: { reminder_days: [7, 3, 1] }, dates: { end_at: day(3) } });
    expect(enrollment.reminders_left).toEqual([1]);
  });

  it('is never complete without items', () => {
    expect(made({ items: [] }).enrollment).toMatchObject({ state: 'active', progress: 0, total_items: 0 });
  });
});

describe('a linear program', () => {
  it('advances only its current item, and keeps later ones until their turn', () => {
    const early = advance(made().enrollment, completed(['b', day(1)]), day(1));
    expect(early.enrollment).toMatchObject({ current_item_index: 0, progress: 0 });
    expect(early.changes).toEqual([]);
    const both = advance(early.enrollment, completed(['b', day(1)], ['a', day(2)]), day(2));
    expect(types(both)).toEqual(['step_completed', 'step_completed', 'completed']);
    expect(both.enrollment).toMatchObject({ state: 'complete', completed_at: day(2), current_item_index: 2 });
  });

  it('stops at a step until it is approved', () => {
    const items = [course('a'), step(50), course('b')];
    const facts = completed(['a', day(1)], ['b', day(1)]);
    const waiting = advance(made({ items }).enrollment, facts, day(1)).enrollment;
    expect(waiting).toMatchObject({ current_item_index: 1, pending_approvals: 1 });
    expect(approve(waiting, 0, facts, day(2)).changes).toEqual([]);
    const approved = approve(waiting, 1, facts, day(2));
    expect(approved.enrollment).toMatchObject({ state: 'complete', completed_at: day(2), pending_approvals: 0 });
    expect(approve(approved.enrollment, 1, facts, day(3)).changes).toEqual([]);
  });

  it('lets no step be approved before its turn', () => {
    const { enrollment } = made({ items: [course('a'), step(50)] });
    expect(awaitsApproval(enrollment, { position: 1 })).toBe(false);
    expect(approve(enrollment, 1, noFacts, day(1)).changes).toEqual([]);
  });
});

describe('a program in free order', () => {
  it('advances any item', () => {
    const items = [course('a', 3), course('b', 5), step(50)];
    const { enrollment } = made({ settings: { non_linear: true }, items });
    expect(enrollment).toMatchObject({ pending_approvals: 1, course_due_at: day(3) });
    const second = advance(enrollment, completed(['b', day(1)]), day(1)).enrollment;
    expect(second).toMatchObject({ current_item_index: 0, progress: 3333 });
    expect(approve(second, 2, noFacts, day(2)).enrollment).toMatchObject({ progress: 6666 });
  });
});

describe('a waived item', () => {
  const waived: Facts = { ...noFacts, waived: new Map([['a'.charCodeAt(0), day(4)]]) };

  it('is done, and lets the next one have its turn', () => {
    const outcome = advance(made().enrollment, waived, day(5));
    expect(outcome.enrollment).toMatchObject({ current_item_index: 1, progress: 5000 });
    expect(outcome.changes).toMatchObject([{ type: 'step_completed', at: day(4), detail: { by: 'waiver' } }]);
  });

  it('completes the enrollment where it was the last', () => {
    const { enrollment } = advance(made({ items: [course('a')] }).enrollment, waived, day(9));
    expect(enrollment).toMatchObject({ state: 'complete', completed_at: day(4) });
  });
});

describe('time', () => {
  const settings = { default_days_until_due: 10, reminder_days: [7, 1] };

  it('brings reminders, steps past their date, and overdue: each once, in order, at its own time', () => {
    const { enrollment } = made({ settings, items: [course('a', 5)] });
    const outcome = advance(enrollment, noFacts, day(400));
    expect(told(outcome)).toEqual([
      ['reminded', day(3)],
      ['step_overdue', day(5)],
      ['reminded', day(9)],
      ['overdue', day(10)],
    ]);
    expect(outcome.enrollment).toMatchObject({ state: 'active', next_wake_at: null, next_wake_for: null });
    expect(advance(outcome.enrollment, noFacts, day(400)).enrollment).toBe(outcome.enrollment);
  });

  it('is passed before a completion that comes later', () => {
    expect(types(advance(made({ settings }).enrollment, completed(['a', day(11)]), day(11)))).toEqual([
      'reminded',
      'reminded',
      'overdue',
      'step_completed',
    ]);
  });

  it('brings nothing but the expiry to one that is complete', () => {
    const { enrollment } = made({
      settings: { ...settings, expires: true, default_days_until_expiration: 20 },
      facts: completed(['a', start], ['b', start]),
    });
    const outcome = advance(enrollment, noFacts, day(30));
    expect(told(outcome)).toEqual([['expired', day(20)]]);
    expect(outcome.enrollment).toMatchObject({ state: 'complete', expired_at: day(20), next_wake_at: null });
  });

  it('has it re-enrolled before it expires, whatever its state, and does nothing after that', () => {
    const renewing = {
      default_days_until_due: 95,
      expires: true,
      default_days_until_expiration: 100,
      auto_re_enroll: true,
      re_enrollment_period: 10,
    };
    const { enrollment } = made({ settings: renewing });
    expect(enrollment).toMatchObject({ renew_at: day(90), next_wake_at: day(90), next_wake_for: 're_enroll' });
    const outcome = advance(enrollment, completed(['a', day(91)]), day(101));
    expect(outcome).toMatchObject({ changes: [], reEnrolls: true });
    const ended = supersede(outcome, 7, day(101));
    expect(ended.changes).toMatchObject([{ type: 're_enrolled', detail: { next_id: 7, state: 'active' } }]);
    expect(ended.enrollment).toMatchObject({ superseded_at: day(101), next_wake_at: null, renew_at: null });
  });

  it('stands still for one that is removed', () => {
    const removed = remove(made({ settings }).enrollment, noFacts, day(1));
    expect(types(removed)).toEqual(['removed']);
    expect(removed.enrollment).toMatchObject({ deleted_at: day(1), next_wake_at: null });
    expect(advance(removed.enrollment, completed(['a', day(2)]), day(50)).changes).toEqual([]);
    expect(remove(removed.enrollment, noFacts, day(2)).changes).toEqual([]);
  });
});

describe('changed dates', () => {
  const settings = { default_days_until_due: 10, reminder_days: [7, 1] };

  it('arm the reminders that lie ahead, and are missed once more', () => {
    const late = advance(made({ settings }).enrollment, noFacts, day(11)).enrollment;
    const changed = changeDates(late, { end_at: day(15) }, noFacts, day(12));
    expect(types(changed)).toEqual(['dates_changed']);
    expect(changed.enrollment).toMatchObject({ reminders_left: [1], overdue_at: null, next_wake_at: day(14) });
    expect(told(advance(changed.enrollment, noFacts, day(20)))).toEqual([
      ['reminded', day(14)],
      ['overdue', day(15)],
    ]);
  });

  it('come after what the old ones have brought', () => {
    const changed = changeDates(made({ settings }).enrollment, { end_at: day(20) }, noFacts, day(11));
    expect(types(changed)).toEqual(['reminded', 'reminded', 'overdue', 'dates_changed']);
  });

  it('change nothing where they are the same', () => {
    const { enrollment } = made({ settings });
    expect(changeDates(enrollment, { end_at: day(10) }, noFacts, day(1)).enrollment).toBe(enrollment);
    expect(changeDates(enrollment, {}, noFacts, day(1)).enrollment).toBe(enrollment);
  });

  it('can be cleared', () => {
    const { enrollment } = changeDates(made({ settings }).enrollment, { end_at: null }, noFacts, day(1));
    expect(enrollment).toMatchObject({ end_at: null, reminders_left: [], next_wake_at: null });
  });
});

describe('settings', () => {
  it.each<[string, Partial<ProgramSettings>]>([
    ['default_due_on_date', { default_days_until_due: 1, default_due_on_date: start.toISOString() }],
    ['default_days_until_expiration', { expires: true }],
    ['auto_re_enroll', { auto_re_enroll: true }],
    ['re_enrollment_period', { expires: true, default_days_until_expiration: 30, re_enrollment_period: 30 }],
    ['reminder_days', { reminder_days: [7, 7] }],
  ])('are refused where they contradict each other: %s', (path, settings) => {
    expect(settingsProblems({ ...defaultSettings, ...settings })).toMatchObject([{ path }]);
  });

  it('count days until a moment as a calendar on the wall does', () => {
    expect([daysUntil(day(2), day(0)), daysUntil(day(0), day(2)), daysUntil(null, day(0))]).toEqual([2, -2, null]);
  });
});

type Step =
  | { do: 'complete'; after: number; course: string; ago: number }
  | { do: 'approve'; after: number; position: number }
  | { do: 'dates'; after: number; end_at: number | null | undefined; expires_at: number | null | undefined }
  | { do: 'remove'; after: number };

const days = (max: number) => fc.integer({ min: 1, max });
const after = fc.integer({ min: 0, max: 40 });
const dateChoice = fc.option(fc.oneof(fc.constant(null), fc.integer({ min: -50, max: 200 })), { nil: undefined });
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('complete' as const),
        after,
        course: fc.constantFrom('a', 'b', 'c'),
        ago: fc.integer({ min: 0, max: 20 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('approve' as const), after, position: fc.integer({ min: 0, max: 4 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('dates' as const), after, end_at: dateChoice, expires_at: dateChoice }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), after }) },
  ),
  { maxLength: 12 },
);
const cases = fc.record({
  settings: fc.record({
    default_days_until_due: fc.option(days(100)),
    expires: fc.boolean(),
    default_days_until_expiration: fc.integer({ min: 20, max: 200 }),
    auto_re_enroll: fc.boolean(),
    re_enrollment_period: fc.option(days(19)),
    non_linear: fc.boolean(),
    reminder_days: fc.uniqueArray(days(60), { maxLength: 3 }),
  }),
  items: fc.shuffledSubarray([course('a', 5), course('b', 30), course('c'), step(50), step(51)], { minLength: 1 }),
});

const at = (moment: number | null | undefined): Date | null | undefined =>
  typeof moment === 'number' ? day(moment) : moment;

function perform(enrollment: Enrollment, done: Step, facts: Facts, now: Date): Outcome {
  if (done.do === 'approve') return approve(enrollment, done.position, facts, now);
  if (done.do === 'dates') {
    const dates = { end_at: at(done.end_at), expires_at: at(done.expires_at) } as Partial<EnrollmentDates>;
    return changeDates(enrollment, dates, facts, now);
  }
  const passed = advance(enrollment, facts, now);
  // Removing ends what was about to be re-enrolled, by intent; there the comparison ends.
  return done.do === 'remove' && !passed.reEnrolls ? remove(enrollment, facts, now) : passed;
}

/** Lives through the steps, waking before each as `wakesUntil` says, until the end or the first re-enrollment. */
function live(
  given: Case,
  sequence: readonly Step[],
  wakesUntil: (enrollment: Enrollment, until: Date, from: Date) => Date[],
): { enrollment: Enrollment; changes: EnrollmentChange[]; reEnrolls: boolean } {
  let outcome = made(given);
  const changes = [...outcome.changes];
  let facts = noFacts;
  let now = start;
  const note = (next: Outcome): boolean => {
    outcome = next;
    changes.push(...next.changes);
    return next.reEnrolls;
  };
  const result = () => ({ enrollment: outcome.enrollment, changes, reEnrolls: outcome.reEnrolls });
  for (const done of [...sequence, { do: 'complete' as const, after: 1000, course: 'none', ago: 0 }]) {
    const from = now;
    now = addDays(now, done.after);
    for (let wakes = wakesUntil(outcome.enrollment, now, from); wakes.length > 0;) {
      if (note(advance(outcome.enrollment, facts, wakes.shift()!))) return result();
      if (wakes.length === 0) wakes = wakesUntil(outcome.enrollment, now, now);
    }
    if (done.do === 'complete' && !facts.completions.has(done.course))
      facts = {
        ...facts,
        completions: new Map([...facts.completions, [done.course, addDays(now, -done.ago)]]),
      };
    if (note(perform(outcome.enrollment, done, facts, now))) return result();
  }
  return result();
}

/** As the workflow does. */
const onTime = ({ next_wake_at: next }: Enrollment, until: Date): Date[] =>
  next !== null && next <= until ? [next] : [];

describe('whatever happens, in whatever order', () => {
  it('an enrollment that is never woken has the record and the story of one that is woken on time', () => {
    fc.assert(
      fc.property(cases, steps, (given, sequence) => {
        const asleep = live(given, sequence, () => []);
        expect(asleep).toEqual(live(given, sequence, onTime));
      }),
      { numRuns: 1000 },
    );
  });

  it('waking often changes nothing', () => {
    fc.assert(
      fc.property(
        cases,
        steps,
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 5 }),
        (given, sequence, often) => {
          const moments = (from: Date, until: Date): Date[] =>
            from >= until ? [] : often.map((ahead) => addDays(from, ahead)).filter((moment) => moment <= until);
          const restless = live(given, sequence, (_, until, from) =>
            moments(from, until).sort((one, other) => one.getTime() - other.getTime()),
          );
          expect(restless).toEqual(live(given, sequence, onTime));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('asked twice at the same moment, nothing more comes of it', () => {
    fc.assert(
      fc.property(cases, steps, fc.integer({ min: 0, max: 300 }), (given, sequence, later) => {
        const { enrollment, reEnrolls } = live(given, sequence.slice(0, 4), () => []);
        fc.pre(!reEnrolls);
        const facts = completed(['a', day(1)], ['b', day(2)]);
        const once = advance(enrollment, facts, day(1200 + later));
        const twice = advance(once.enrollment, facts, day(1200 + later));
        expect(twice.changes).toEqual([]);
        expect(twice.enrollment).toBe(once.enrollment);
      }),
    );
  });

  it('is completed at most once, and waits for nothing that has passed', () => {
    fc.assert(
      fc.property(cases, steps, (given, sequence) => {
        const { enrollment, changes, reEnrolls } = live(given, sequence, onTime);
        expect(changes.filter(({ type }) => type === 'completed').length).toBe(enrollment.state === 'complete' ? 1 : 0);
        expect(enrollment.items.filter(({ state }) => state !== 'pending')).toHaveLength(
          changes.filter(({ type }) => type === 'step_completed').length,
        );
        expect(reEnrolls || enrollment.next_wake_at === null).toBe(true);
      }),
    );
  });
});
