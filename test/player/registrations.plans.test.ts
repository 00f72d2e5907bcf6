import { v7 as uuid } from 'uuid';
import { insertApplication } from '../../src/applications/applications.store';
import { listCourseUse } from '../../src/learning-objects/course-use.store';
import { countByCourse, countByVersion } from '../../src/player/registration-counts.store';
import { listLearnersRegistrations } from '../../src/player/registrations.store';
import { addManyCourses } from '../../bench/many-courses';
import { createDatabase, type TestDatabase } from '../support/database';
import { mostRows, plansOf } from '../support/plans';
import { makeLearner } from '../support/registrations';

jest.setTimeout(180_000);

const application = uuid();
let database: TestDatabase;
let courses: string[];
let [popular, played, quiet] = ['', '', ''];

/** 40 courses; one with 20,000 previews and 10,000 learners, one with 20 learners, one with previews alone. */
beforeAll(async () => {
  database = await createDatabase();
  const { db } = database;
  await insertApplication(db, application, 'large');
  await addManyCourses(db, application, 40);
  courses = await db('courses').orderBy('id').pluck<string[]>('id');
  [popular, played, quiet] = courses as [string, string, string];
  const learner = await makeLearner(db, application);
  const add = (course: string, count: number, kind: string) =>
    db.raw(
      `insert into registrations (id, application_id, course_id, version_id, revision, kind, learner, learner_id)
       select gen_random_uuid(), :application::uuid, :course::uuid, v.id, 1, :kind,
         json_build_object('id', 'learner ' || n / 2, 'name', ''), :learner
       from generate_series(1, :count::int) n cross join course_versions v where v.course_id = :course`,
      { application, course, count, kind, learner: kind === 'enrolled' ? learner : null },
    );
  await add(popular, 20_000, 'preview');
  await add(popular, 10_000, 'enrolled');
  await add(played, 20, 'enrolled');
  await add(quiet, 5000, 'preview');
  await db.raw(
    `insert into registration_activities (registration_id, activity_id, interactions) select id, 'a', 1 from registrations`,
  );
  await db.raw('vacuum analyze registrations, registration_activities');
});
afterAll(() => database.drop());

test('previews cost a count nothing: registrations of a page of courses are counted by the index of learners’ ones', async () => {
  const { db } = database;
  const others = courses.filter((id) => id !== popular);
  const plan = await plansOf(db, () => countByCourse(db, others));
  expect(plan).toContain('registrations_enrolled_idx');
  expect(mostRows(plan)).toBeLessThanOrEqual(100);
  expect(await countByCourse(db, courses)).toEqual(
    new Map([
      [popular, 10_000],
      [played, 20],
    ]),
  );
});

test('and so are those of a course’s versions', async () => {
  const { db } = database;
  const plan = await plansOf(db, () => countByVersion(db, quiet));
  expect(plan).toContain('registrations_enrolled_idx');
  expect(mostRows(plan)).toBeLessThanOrEqual(100);
  expect([...(await countByVersion(db, played)).values()]).toEqual([20]);
});

test('a learner’s registrations for a popular course are found without the others', async () => {
  const { db } = database;
  const versions = await db('course_versions').where({ course_id: popular }).pluck<string[]>('id');
  const of = { course: popular, versions, learnerId: 'learner 4711' };
  const plan = await plansOf(db, () => listLearnersRegistrations(db, of));
  expect(plan).toContain('registrations_told_learner_idx');
  expect(mostRows(plan)).toBeLessThanOrEqual(10);
  expect(await listLearnersRegistrations(db, of)).toHaveLength(4);
});

test('how learners used courses is read of the newest thousand registrations of each', async () => {
  const { db } = database;
  const named = await db('courses').select<{ application_id: string; course_id: string }[]>(
    'application_id',
    'course_id',
  );
  const plan = await plansOf(db, () => listCourseUse(db, named));
  expect(plan).toContain('registrations_enrolled_idx');
  expect(plan).not.toMatch(/Seq Scan on (registrations|registration_activities)/);
  expect(mostRows(plan)).toBeLessThanOrEqual(1020);
  const uses = [...(await listCourseUse(db, named)).values()];
  expect(uses.map(({ registrations }) => registrations).sort((a, b) => b - a)).toEqual([
    1000,
    20,
    ...Array<number>(38).fill(0),
  ]);
});
