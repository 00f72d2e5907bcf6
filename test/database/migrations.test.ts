import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { migrate, pendingMigrations, rollBack } from '../../src/database/migrations';
import { createDatabase, type TestDatabase } from '../support/database';
import { describeSchema } from '../support/describe-schema';

const file = path.resolve(__dirname, '../../schema.sql');

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

describe('migrations', () => {
  it('go up, all the way back, and up again to the same schema', async () => {
    const { db } = database;
    const first = await describeSchema(db);
    expect(first).toContain('table courses');
    await rollBack(db);
    expect((await describeSchema(db)).trim()).toBe('');
    expect((await migrate(db)).length).toBeGreaterThan(3);
    expect(await pendingMigrations(db)).toEqual([]);
    expect(await describeSchema(db)).toBe(first);
  });

  it('make the schema that schema.sql shows (UPDATE_SCHEMA=1 npm test -- test/database writes it anew)', async () => {
    const schema = await describeSchema(database.db);
    if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(file, schema);
    expect(existsSync(file) && readFileSync(file, 'utf8')).toBe(schema);
  });
});
