import { v7 as uuid } from 'uuid';
import { listLinkedStatements } from '../../src/statements/linked-statements.store';
import { keyOf } from '../../src/statements/statement-keys.rules';
import { createDatabase, type TestDatabase } from '../support/database';
import { mostRows, plansOf } from '../support/plans';
import { sqlKey } from '../support/statement-keys';

jest.setTimeout(180_000);

const count = 100_000;
const application = uuid();
const key = keyOf.bind(undefined, application);

let database: TestDatabase;

/** 100,000 statements: nine of ten are of one course with three versions, and each learner has 50. */
beforeAll(async () => {
  database = await createDatabase();
  const { db } = database;
  await db.raw(
    `insert into statements (application_id, position, match, verb, registration, link, data)
     select :application::uuid, n, n, ${sqlKey('verb', "'done'")}, ${sqlKey('registration', "'r ' || n % 2000")},
       ${sqlKey('link', "case when n % 10 = 0 then 'other' else 'version ' || n % 3 end")}, '{}'
     from generate_series(1, :count::int) n`,
    { application, count },
  );
  await db.raw('vacuum analyze statements');
});
afterAll(() => database.drop());

const links = [0, 1, 2].map((version) => key('link', `version ${version}`));
const registrationsOf = (...names: string[]) => names.map((name) => key('registration', name));

describe.each([
  ['the newest', {}],
  ['from the middle', { after: count / 2 }],
])('a page of a course’s statements, %s', (_, from) => {
  it.each([
    ['of one version', { links: links.slice(0, 1) }],
    ['of all versions', { links }],
    ['of a version that nobody has opened', { links: [key('link', 'none')] }],
    ['of a learner', { links, registrations: registrationsOf('r 7', 'r 8') }],
    [
      'of a learner who has other courses alone',
      { links: [key('link', 'none')], registrations: registrationsOf('r 7') },
    ],
    ['of a time', { links, since: 40_000, until: 60_000 }],
  ])('%s costs what it shows', async (_name, filter) => {
    const { db } = database;
    const ask = () =>
      listLinkedStatements(db, { applicationId: application, ...filter }, { ...from, limit: 20, maxBytes: 1_000_000 });
    const plan = await plansOf(db, ask);
    expect(plan).not.toContain('Seq Scan on statements');
    expect(mostRows(plan)).toBeLessThanOrEqual(100);
  });

  it('is that of the statements that have a link, in their order', async () => {
    const page = { ...from, limit: 20, maxBytes: 1_000_000 };
    const { rows, hasMore } = await listLinkedStatements(database.db, { applicationId: application, links }, page);
    const last = 'after' in from ? from.after - 1 : count;
    const expected = Array.from({ length: 40 }, (_gap, away) => last - away).filter((position) => position % 10 !== 0);
    expect(rows.map(({ position }) => position)).toEqual(expected.slice(0, 20));
    expect(hasMore).toBe(true);
  });
});
