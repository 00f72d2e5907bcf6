import * as fc from 'fast-check';
import { addDays, defaultSettings, type ProgramSettings } from '../../src/programs/program-settings.rules';
import type { ProgramItemInput } from '../../src/programs/save-program';
import { EnrollmentWorkflows } from '../support/enrollment-workflows';
import { type DatesInHours, EnrollmentWorld, type Operation, type Plan } from '../support/enrollment-world';

jest.setTimeout(600_000);

let workflows: EnrollmentWorkflows;
beforeAll(async () => {
  workflows = await EnrollmentWorkflows.start();
});
afterAll(() => workflows.close());

const learners = 3;
const courseIds = ['golf', 'putting', 'rules'];

const settings: fc.Arbitrary<ProgramSettings> = fc
  .record({
    due: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 60 })),
    isByDate: fc.boolean(),
    lasts: fc.option(fc.integer({ min: 60, max: 200 })),
    period: fc.option(fc.integer({ min: 0, max: 20 })),
    auto_re_enroll: fc.boolean(),
    non_linear: fc.boolean(),
    reminder_days: fc.subarray([1, 3, 14, 30]),
  })
  .map(({ due, isByDate, lasts, period, auto_re_enroll, ...rest }) => ({
    ...defaultSettings,
    ...rest,
    default_days_until_due: isByDate ? null : due,
    default_due_on_date: isByDate && due !== null ? addDays(new Date(), 3 * due).toISOString() : null,
    expires: lasts !== null,
    default_days_until_expiration: lasts,
    auto_re_enroll: lasts !== null && auto_re_enroll,
    re_enrollment_period: period,
  }));

const days = fc.option(fc.integer({ min: 1, max: 90 }));
const items: fc.Arbitrary<ProgramItemInput[]> = fc
  .tuple(
    fc.shuffledSubarray(courseIds, { minLength: 1 }),
    fc.option(fc.nat(2)),
    fc.array(days, { minLength: 4, maxLength: 4 }),
  )
  .map(([courses, approval, due]) => {
    const all: ProgramItemInput[] = courses.map((course_id) => ({ course_id }));
    if (approval !== null) all.splice(approval, 0, { title: 'Interview', requires_approval: true });
    return all.map((item, nth) => ({ ...item, days_until_due: due[nth]! }));
  });

const place = (count: number): fc.Arbitrary<number> => fc.nat(count - 1);
const hours = (fromDays: number, toDays: number) => fc.integer({ min: fromDays * 24, max: toDays * 24 });
const date = fc.option(hours(-30, 90));
const dates: fc.Arbitrary<DatesInHours> = fc.record({ end_at: date, expires_at: date }, { requiredKeys: [] });
const name = <T extends string>(...names: T[]): fc.Arbitrary<T> => fc.constantFrom(...names);
const [program, learner, courseId] = [place(2), place(learners), fc.constantFrom(...courseIds)];

/** Years cost seconds: every workflow that waits is begun anew each month. */
const elapsed = fc.oneof(
  { weight: 4, arbitrary: hours(0, 3) },
  { weight: 4, arbitrary: hours(1, 60) },
  { weight: 1, arbitrary: hours(60, 500) },
);

/**
 * PROPERTY_TERMINATIONS=2: how often workflows are terminated. The test server at times lets no more time pass after that, and so
 * it is left to those who look on; what the sweep does for such workflows has a test of its own in `enrollment-lifecycle`.
 */
const terminations = Number(process.env['PROPERTY_TERMINATIONS'] ?? 0);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ name: name('enroll'), program, learners: fc.uniqueArray(learner, { minLength: 1 }), dates }),
  },
  { weight: 3, arbitrary: fc.record({ name: name('changeDates'), program, learner, dates }) },
  { weight: 6, arbitrary: fc.record({ name: name('complete'), learner, courseId, hours: hours(-40, 1) }) },
  { weight: 2, arbitrary: fc.record({ name: name('approve'), program, learner, position: place(4) }) },
  { weight: 3, arbitrary: fc.record({ name: name('join', 'leave'), group: place(2), learner }) },
  { weight: 1, arbitrary: fc.record({ name: name('waive'), courseId }) },
  { weight: 1, arbitrary: fc.record({ name: name('remove'), program, learner }) },
  { weight: terminations, arbitrary: fc.record({ name: name('terminate'), program, learner }) },
  {
    weight: 5,
    arbitrary: fc.record({ name: name('pass'), hours: elapsed }),
  },
  { weight: 1, arbitrary: fc.record({ name: name('sweep', 'replaceWorker') }) },
);

const plan: fc.Arbitrary<Plan> = fc.record({
  programs: fc.array(fc.record({ settings, items }), { minLength: 2, maxLength: 2 }),
  groups: fc.tuple(fc.constant([0]), fc.subarray([0, 1])),
  learners: fc.constant(learners),
  operations: fc.array(operation, { minLength: 8, maxLength: 25 }),
});

/** PROPERTY_RUNS: how many, in place of as many as a minute allows. PROPERTY_SEED: that of a failure, to see it again. */
const runs = process.env['PROPERTY_RUNS'];
const seed = process.env['PROPERTY_SEED'];

test('whatever is done to enrollments, their records and workflows are as the rules have it', async () => {
  const end = runs === undefined ? Date.now() + 60_000 : Infinity;
  let count = 0;
  await fc.assert(
    fc.asyncProperty(plan, async (given) => {
      if (Date.now() > end) return;
      const world = await EnrollmentWorld.create(given, workflows);
      for (const each of given.operations) await world.carryOut(each);
      await world.check();
      await world.end();
      await world.check();
      await world.removeAll();
      await world.check();
      count += 1;
    }),
    { numRuns: Number(runs ?? 30), endOnFailure: true, ...(seed !== undefined && { seed: Number(seed) }) },
  );
  expect(count).toBeGreaterThan(0);
});
