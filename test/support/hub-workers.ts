import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { readConfig, type TaskQueue } from '../../src/config';
import { keepDrains } from '../../src/deliveries/keep-drains';
import { startRelay } from '../../src/temporal/relay';
import { createWorker } from '../../src/temporal/workers';
import type { TestHub } from './hub';
import { setting } from './setting';
import { type DevServer, quietRuntime } from './temporal';

export interface HubWorkers {
  client: Client;
  stop: () => Promise<void>;
}

/** Relay and workers in this process, for tests in which nothing is killed. */
export async function startWorkers(hub: TestHub, temporal: DevServer, queues: TaskQueue[]): Promise<HubWorkers> {
  quietRuntime();
  const env = { ...hub.env, TEMPORAL_ADDRESS: temporal.address, WORKFLOW_BUNDLE: setting('WORKFLOW_BUNDLE') };
  const resources = { ...hub.resources, config: readConfig(env) };
  const connection = await NativeConnection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace });
  const stopping = new AbortController();
  const parts = { resources, connection, client, stopping: stopping.signal };
  const workers = await Promise.all(queues.map((queue) => createWorker(queue, parts)));
  const running = workers.map((worker) => worker.run());
  const relay = startRelay(
    { db: resources.db, databaseUrl: resources.config.database.url, client, log: resources.log },
    queues,
  );
  if (queues.includes('deliveries')) void keepDrains(client, resources.log, stopping.signal);
  return {
    client,
    async stop() {
      stopping.abort();
      await relay.stop();
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
      await connection.close();
    },
  };
}
