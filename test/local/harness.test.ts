import { Client, Connection } from '@temporalio/client';
import { createDatabase } from '../support/database';
import { DevServer } from '../support/temporal';

describe('the databases that tests get', () => {
  it('are migrated, and of their own', async () => {
    const [one, two] = [await createDatabase(), await createDatabase()];
    try {
      await one.db.raw('create table only_here (id int)');
      expect(await one.db.schema.hasTable('migrations')).toBe(true);
      expect(await two.db.schema.hasTable('migrations')).toBe(true);
      expect(await two.db.schema.hasTable('only_here')).toBe(false);
    } finally {
      await Promise.all([one.drop(), two.drop()]);
    }
  });

  it('sort text alike on every system', async () => {
    const { db, drop } = await createDatabase();
    try {
      const { rows } = await db.raw<{ rows: { provider: string; locale: string; encoding: string }[] }>(
        `select datlocprovider provider, datlocale locale, pg_encoding_to_char(encoding) encoding
         from pg_database where datname = current_database()`,
      );
      expect(rows).toEqual([{ provider: 'b', locale: 'C.UTF-8', encoding: 'UTF8' }]);
    } finally {
      await drop();
    }
  });
});

describe('the Temporal that tests and npm start share', () => {
  it('knows the search attributes, and its workflows after a restart', async () => {
    const server = await DevServer.create();
    try {
      await server.start();
      const connection = await Connection.connect({ address: server.address });
      const client = new Client({ connection });
      await client.workflow.start('anything', { taskQueue: 'nobody-works-here', workflowId: 'kept' });
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
      expect(Object.keys(customAttributes ?? {})).toEqual(expect.arrayContaining(['HubJobId', 'HubNextWake']));

      await server.stop();
      await server.start();
      expect((await client.workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
      await connection.close();
    } finally {
      await server.remove();
    }
  });
});
