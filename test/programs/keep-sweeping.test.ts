import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { startSweep } from '../../src/programs/keep-sweeping';
import { addDays } from '../../src/programs/program-settings.rules';
import { createDatabase, type TestDatabase } from '../support/database';
import { ProgramFixture } from '../support/programs';

let database: TestDatabase;
let hub: ProgramFixture;
beforeAll(async () => {
  database = await createDatabase();
  hub = await ProgramFixture.create(database.db);
});
afterAll(() => database.drop());

test('what is overdue and has no workflow is done, and one is started where more is to come', async () => {
  const start = addDays(new Date(), -20);
  const program = await hub.program({ default_days_until_due: 10, expires: true, default_days_until_expiration: 100 });
  const learners = await hub.learners(450);
  await hub.enroll(
    program.id,
    learners.map(({ id }) => ({ id })),
    start,
  );
  await database.db('outbox').delete();
  const sweep = startSweep({ ...hub.needs, log: pino({ level: 'silent' }) });
  const isLate = () => database.db('enrollments').where('next_wake_at', '<', new Date()).first<object>('id');
  while (await isLate()) await delay(20);
  await sweep.stop();
  for (const learner of [learners[0]!, learners[449]!]) {
    const enrollment = await hub.enrollment(program.id, learner.id);
    expect(enrollment).toMatchObject({ overdue_at: addDays(start, 10), next_wake_at: addDays(start, 100) });
    expect(await hub.story(enrollment)).toEqual(['enrolled', 'source_added', 'overdue']);
    expect(await hub.work(enrollment)).toEqual([{ action: 'start', signal: 'changed' }]);
  }
});
