import { Client, Connection } from '@temporalio/client';
import { enqueue, outboxChannel } from '../../src/database/outbox';
import { createWake } from '../../src/database/notifications';
import { createLogger } from '../../src/log';
import { type Relay, startRelay } from '../../src/temporal/relay';
import { createDatabase, type TestDatabase } from '../support/database';
import { devServer } from '../support/temporal';

let database: TestDatabase;
let client: Client;
let relay: Relay;
const log = createLogger('test', 'silent');

beforeAll(async () => {
  database = await createDatabase();
  const { address } = await devServer();
  client = new Client({ connection: await Connection.connect({ address }) });
  relay = startRelay({ db: database.db, databaseUrl: database.url, client, log }, ['imports', 'housekeeping']);
});
afterAll(async () => {
  await relay.stop();
  await client.connection.close();
  await (await devServer()).remove();
  await database.drop();
});

const start = (workflowId: string, more: object = {}) =>
  database.db.transaction((tx) =>
    enqueue(tx, {
      action: 'start',
      taskQueue: 'imports',
      workflowType: 'importCourse',
      workflowId,
      args: [{ jobId: workflowId }],
      reuse: 'reject',
      searchAttributes: { HubJobId: workflowId },
      summary: 'A test',
      ...more,
    }),
  );

const rows = () => database.db('outbox').orderBy('id');

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not come to that');
}

describe('the relay', () => {
  it('starts the workflow that a row asks for, with its arguments, attributes and summary, and removes the row', async () => {
    await start('relay/1');
    createWake(database.db, log)(outboxChannel('imports'));
    await until(async () => (await rows()).length === 0);
    const description = await client.workflow.getHandle('relay/1').describe();
    expect(description).toMatchObject({ type: 'importCourse', taskQueue: 'imports', status: { name: 'RUNNING' } });
    expect(await description.staticSummary()).toBe('A test');
    expect(description.typedSearchAttributes.getAll()).toEqual([
      expect.objectContaining({ value: 'relay/1', key: expect.objectContaining({ name: 'HubJobId' }) }),
    ]);
  });

  it('finds rows that nobody told of, when it polls', async () => {
    await start('relay/2');
    await until(async () => (await rows()).length === 0);
    expect((await client.workflow.getHandle('relay/2').describe()).status.name).toBe('RUNNING');
  });

  it('counts a workflow that is there already as done', async () => {
    await start('relay/3');
    await start('relay/3');
    await until(async () => (await rows()).length === 0);
    expect((await client.workflow.getHandle('relay/3').describe()).status.name).toBe('RUNNING');
  });

  it('counts a signal to a workflow that has ended as done', async () => {
    await database.db.transaction((tx) =>
      enqueue(tx, {
        action: 'signal',
        taskQueue: 'imports',
        workflowType: 'importCourse',
        workflowId: 'relay/nobody',
        signal: 'changed',
      }),
    );
    await until(async () => (await rows()).length === 0);
    expect(await rows()).toEqual([]);
  });

  it('keeps a row that Temporal refuses for good, and goes on with the others', async () => {
    await start('relay/4', { workflowId: 'x'.repeat(2000) });
    await start('relay/5');
    await until(async () => (await rows()).every(({ failed_at }) => failed_at !== null));
    const [failed, ...others] = await rows();
    expect(others).toEqual([]);
    expect(failed).toMatchObject({ workflow_id: 'x'.repeat(2000), last_error: expect.any(String) });
    await database.db('outbox').delete();
  });

  it('a row that was rolled back starts nothing', async () => {
    await database.db
      .transaction(async (tx) => {
        await enqueue(tx, {
          action: 'start',
          taskQueue: 'imports',
          workflowType: 'importCourse',
          workflowId: 'relay/6',
        });
        throw new Error('changed my mind');
      })
      .catch(() => undefined);
    await start('relay/7');
    await until(async () => (await rows()).length === 0);
    await expect(client.workflow.getHandle('relay/6').describe()).rejects.toThrow('not found');
  });
});
