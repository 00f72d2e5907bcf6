import { setTimeout as delay } from 'node:timers/promises';
import { Recent } from '../../src/database/recent';
import { createDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

describe('what was read a moment ago', () => {
  it('is asked for once, by any number at a time, until it is forgotten or a second has passed', async () => {
    const { db } = database;
    let asked = 0;
    db.on('query', () => (asked += 1));
    const recent = new Recent((type: string) => db<{ type: string }>('event_types').where({ type }).first());
    const get = async () => Promise.all(Array.from({ length: 10 }, () => recent.get('AI_STARTED')));
    expect(await get()).toContainEqual(expect.objectContaining({ type: 'AI_STARTED' }));
    await get();
    expect(asked).toBe(1);
    recent.forget('AI_STARTED');
    await get();
    expect(asked).toBe(2);
    await delay(1050);
    await get();
    expect(asked).toBe(3);
  });

  it('is asked for again where it was not there or could not be read', async () => {
    const answers = [Promise.resolve(undefined), Promise.reject(new Error('away')), Promise.resolve(1)];
    const recent = new Recent(() => answers.shift()!);
    expect(await recent.get('x')).toBeUndefined();
    await expect(recent.get('x')).rejects.toThrow('away');
    expect(await recent.get('x')).toBe(1);
    expect(await recent.get('x')).toBe(1);
  });

  it('is not what was being read when it was forgotten', async () => {
    let answer: (value: number) => void = () => undefined;
    const recent = new Recent(() => new Promise<number>((resolve) => (answer = resolve)));
    const before = recent.get('x');
    recent.forget('x');
    const first = answer;
    const after = recent.get('x');
    first(1);
    answer(2);
    expect(await before).toBe(1);
    expect(await after).toBe(2);
    expect(await recent.get('x')).toBe(2);
  });
});
