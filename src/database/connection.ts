import knex, { type Knex } from 'knex';
import { types } from 'pg';
import type { Logger } from '../log';

export type Database = Knex;
export type Transaction = Knex.Transaction;

// bigint columns hold ids and byte counts far under 2^53, so they can be numbers.
types.setTypeParser(types.builtins.INT8, Number);

/**
 * A pool of connections. Sessions speak UTC and give up on a lock or a statement before a caller's patience ends. Prepared
 * statements are planned anew each time: a plan that was kept from when a table was empty reads all of it when it is full.
 */
export function connectDatabase(url: string, poolSize: number, log?: Logger): Database {
  return knex({
    client: 'pg',
    connection: {
      connectionString: url,
      application_name: 'learning-hub',
      options:
        '-c timezone=UTC -c lock_timeout=10s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s ' +
        '-c plan_cache_mode=force_custom_plan',
    },
    pool: { min: 0, max: poolSize },
    acquireConnectionTimeout: 10_000,
    log: knexLog(log),
  });
}

/** Knex would print; what it says of lost connections comes to the caller as an error anyway. */
function knexLog(log: Logger | undefined): Knex.Logger {
  const say = (message: unknown): void => log?.debug({ event: 'database.driver', message });
  return { warn: say, error: say, deprecate: say, debug: say };
}
