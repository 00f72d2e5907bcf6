import { v7 as uuid } from 'uuid';
import { keyOf } from '../../src/statements/statement-keys.rules';
import { listStatements, type StatementFilter } from '../../src/statements/statements.store';
import { createDatabase, type TestDatabase } from '../support/database';
import { mostRows, plansOf } from '../support/plans';
import { sqlKey } from '../support/statement-keys';

jest.setTimeout(180_000);

const count = 100_000;
const application = uuid();
const key = keyOf.bind(undefined, application);

let database: TestDatabase;

/** 100,000 statements: a common verb, 50 activities of 2 courses, 2,000 learners. */
beforeAll(async () => {
  database = await createDatabase();
  const { db } = database;
  await db.raw(
    `with related as (
       insert into statement_relations (key, position, match)
       select ${sqlKey('related-activity', "'course ' || n % 2")}, n, n from generate_series(1, :count::int) n
     )
     insert into statements (application_id, position, match, agent, verb, activity, registration, data)
     select :application::uuid, n, n, ${sqlKey('agent', "'learner ' || n % 2000")}, ${sqlKey('verb', "'done'")},
       ${sqlKey('activity', "'activity ' || n % 50")}, ${sqlKey('registration', "'r ' || n % 1000")}, '{}'
     from generate_series(1, :count::int) n`,
    { application, count },
  );
  await db.raw('vacuum analyze statements, statement_relations');
});
afterAll(() => database.drop());

const activity = { key: key('activity', 'activity 7') };
const agent = { key: key('agent', 'learner 7') };
const course = { key: key('activity', 'course 1'), related: key('related-activity', 'course 1') };
const by: [string, Partial<StatementFilter>][] = [
  ['nothing', {}],
  ['a verb', { verb: key('verb', 'done') }],
  ['an activity', { activity }],
  ['an activity and a verb', { activity, verb: key('verb', 'done') }],
  ['an agent', { agent }],
  ['an agent and whoever has to do with it', { agent: { ...agent, related: key('related-agent', 'learner 7') } }],
  ['an agent and an activity', { agent, activity }],
  ['a registration', { registration: key('registration', 'r 7') }],
  ['a course, by relations', { activity: course }],
  ['a course and a verb', { activity: course, verb: key('verb', 'done') }],
  ['an activity that nobody has done', { activity: { key: key('activity', 'none') } }],
];

describe.each([
  ['the newest first', { ascending: false }],
  ['the oldest first', { ascending: true }],
  ['from the middle', { ascending: false, after: count / 2 }],
])('a page of statements, %s', (_, from) => {
  it.each(by)('by %s costs what it shows', async (_name, filter) => {
    const { db } = database;
    const page = { ...from, limit: 20, maxBytes: 1_000_000 };
    const plan = await plansOf(db, () => listStatements(db, { applicationId: application, ...filter }, page));
    expect(plan).not.toContain('Seq Scan on statements');
    expect(mostRows(plan)).toBeLessThanOrEqual(100);
  });
});
