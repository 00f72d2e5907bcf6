import { readConfig } from './config';
import { connectDatabase } from './database/connection';
import { migrate } from './database/migrations';
import { createLogger } from './log';

/** Brings the database up to date and ends. Safe to run from several places at once: Knex takes a lock. */
async function main(): Promise<void> {
  const config = readConfig();
  const log = createLogger('migrate', config.logLevel);
  const db = connectDatabase(config.database.url, 2);
  try {
    log.info({ event: 'migrate.done', migrations: await migrate(db) }, 'the database is up to date');
  } finally {
    await db.destroy();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`The database could not be migrated: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
