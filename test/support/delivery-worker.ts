import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createDrainDeliveriesActivities } from '../../activities/drain-deliveries';
import { createRetryDeliveryActivities } from '../../activities/retry-delivery';
import { readConfig } from '../../src/config';
import { closeResources, openResources } from '../../src/resources';

/** A worker of the deliveries alone, as a process that tests can kill: `node -r typescript-hook.js delivery-worker.ts`. */
async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const config = readConfig();
  const resources = openResources(config, 'worker');
  const connection = await NativeConnection.connect(config.temporal.connection.connectionOptions);
  const stopping = new AbortController();
  const worker = await Worker.create({
    connection,
    taskQueue: 'deliveries',
    workflowBundle: { codePath: config.worker.bundlePath ?? '' },
    activities: {
      ...createDrainDeliveriesActivities(resources, stopping.signal),
      ...createRetryDeliveryActivities(resources),
    },
    maxHeartbeatThrottleInterval: '2 s',
    shutdownGraceTime: '20 s',
    shutdownForceTime: '30 s',
  });
  process.once('SIGTERM', () => {
    stopping.abort();
    worker.shutdown();
  });
  process.stdout.write(`${JSON.stringify({ event: 'worker.ready' })}\n`);
  await worker.run();
  await connection.close();
  await closeResources(resources);
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
