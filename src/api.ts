import type { Server } from 'node:http';
import { type Config, readConfig } from './config';
import { pendingMigrations } from './database/migrations';
import { messageOf, unavailable } from './errors';
import { ensurePartitions } from './events/keep-feed';
import { createApp } from './http/app';
import type { ReadinessChecks } from './http/health';
import { directServer } from './http/serve-directly';
import { createHubServer } from './http/server';
import { countDeliveriesIn } from './deliveries/delivery-metrics';
import { exitWithParent } from './local/exit-with-parent';
import { operations } from './operations';
import { createContentOrigin } from './player/content-origin';
import { onStop } from './process-signals';
import { countCompletionsIn } from './programs/enrollment-metrics';
import { closeResources, openResources, type Resources } from './resources';
import { createTemporalClient } from './temporal/connection';

/** Requests under way get this long to end when the process is told to stop. */
const graceMs = 20_000;

function readinessChecks({ db, content }: Resources, config: Config): ReadinessChecks {
  const temporal = createTemporalClient(config);
  return {
    required: {
      database: async () => {
        await db.raw('select 1');
      },
      migrations: async () => {
        if ((await pendingMigrations(db)).length > 0) throw unavailable('The database has to be migrated.');
      },
      content: () => content.check(),
    },
    // Requests are taken without Temporal; what they start waits in the outbox.
    optional: {
      temporal: async () => {
        await temporal.connection.workflowService.getSystemInfo({});
      },
    },
  };
}

async function main(): Promise<void> {
  const config = readConfig();
  const resources = openResources(config, 'api');
  if (config.parentPid > 0) exitWithParent();
  countDeliveriesIn(resources.db);
  countCompletionsIn(resources.db);
  await prepareFeed(resources);
  const app = createApp(operations, resources, readinessChecks(resources, config));
  const server = createHubServer(app, directServer(operations, resources));
  const player = createContentOrigin(resources);
  await Promise.all([listening(server, config), listening(player, { host: config.host, port: config.player.port })]);
  const { publicUrl: url, host, port, player: where } = config;
  resources.log.info({ event: 'api.ready', url, host, port, playerUrl: where.url, playerPort: where.port });
  const signal = await new Promise(onStop);
  resources.log.info({ event: 'api.stopping', signal });
  resources.feed.stop();
  await Promise.all([closed(server), closed(player)]);
  await closeResources(resources);
  resources.log.info({ event: 'api.stopped' });
}

/** Housekeeping does it too; a hub that was away for months would begin without. Nothing is refused where it fails. */
const prepareFeed = ({ db, log }: Resources): Promise<unknown> =>
  ensurePartitions(db, new Date()).catch((error: unknown) =>
    log.warn({ event: 'events.partitions', error: messageOf(error) }, 'the event feed’s partitions are made later'),
  );

const listening = (server: Server, { host, port }: Pick<Config, 'host' | 'port'>): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });

main().then(
  () => process.exit(0), // What is still open (a Temporal channel) has nothing left to do.
  (error: unknown) => {
    process.stderr.write(`The api could not start: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
