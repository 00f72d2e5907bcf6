import { Client } from '@temporalio/client';
import { DefaultLogger, Runtime, type LogEntry } from '@temporalio/worker';
import { type Config, readConfig } from './config';
import { keepDrains } from './deliveries/keep-drains';
import { startFanOut } from './events/fan-out';
import { startHubEventRelay } from './events/relay-hub-events';
import { createWorkerServer } from './http/worker-server';
import { exitWithParent } from './local/exit-with-parent';
import type { Logger } from './log';
import { onStop } from './process-signals';
import { startCompletionRelay } from './programs/relay-completions';
import { closeResources, openResources, type Resources } from './resources';
import { awaitSearchAttributes, connectWorker } from './temporal/await-temporal';
import { namespaceOf } from './temporal/connection';
import { startSweep } from './programs/keep-sweeping';
import { startRelay } from './temporal/relay';
import { ensureSchedules } from './temporal/schedules';
import { createWorker } from './temporal/workers';

/** The SDK's own log lines, among ours. */
function installRuntime(log: Logger): void {
  const write = ({ level, message, meta }: LogEntry): void => {
    const line = { event: 'temporal.sdk', ...meta };
    if (level === 'ERROR') log.error(line, message);
    else if (level === 'WARN') log.warn(line, message);
    else log.debug(line, message);
  };
  Runtime.install({ logger: new DefaultLogger('INFO', write), shutdownSignals: [] });
}

async function main(): Promise<void> {
  const config = readConfig();
  const resources = openResources(config, 'worker');
  const { log } = resources;
  if (config.parentPid > 0) exitWithParent();
  installRuntime(log);
  const { metricsPort } = config.worker;
  if (metricsPort > 0) createWorkerServer().listen(metricsPort, config.host);
  const stop = new AbortController();
  onStop((signal) => {
    log.info({ event: 'worker.stopping', signal });
    stop.abort();
  });
  // It needs no Temporal.
  const feedNeeds = { ...resources, databaseUrl: config.database.url };
  const ownWork = [startHubEventRelay(feedNeeds), startFanOut(feedNeeds), startCompletionRelay(feedNeeds)];
  if (config.worker.queues.includes('enrollments')) ownWork.push(startSweep(resources));
  await run(config, resources, stop.signal);
  await Promise.all(ownWork.map((work) => work.stop()));
  await closeResources(resources);
  log.info({ event: 'worker.stopped' });
}

async function run(config: Config, resources: Resources, signal: AbortSignal): Promise<void> {
  const { log } = resources;
  const connection = await connectWorker(config, log, signal);
  if (!connection) return;
  const client = new Client({ connection, namespace: namespaceOf(config) });
  await awaitSearchAttributes(client, config, log, signal);
  if (signal.aborted) return;
  const { queues } = config.worker;
  if (queues.includes('housekeeping')) await ensureSchedules(client);
  const workers = await Promise.all(
    queues.map((queue) => createWorker(queue, { resources, connection, client, stopping: signal })),
  );
  const running = workers.map((worker) => worker.run());
  const relay = startRelay({ db: resources.db, databaseUrl: config.database.url, client, log }, queues);
  if (queues.includes('deliveries')) void keepDrains(client, log, signal);
  log.info({ event: 'worker.ready', queues });
  const failed = Promise.all(running); // A worker that ends by itself has failed.
  await Promise.race([failed, aborted(signal)]);
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  await relay.stop();
  await failed;
  await connection.close();
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

main().then(
  () => process.exit(0), // What is still open has nothing left to do.
  (error: unknown) => {
    process.stderr.write(`The worker failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
