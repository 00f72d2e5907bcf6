import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import type { TaskQueue } from '../config';
import type { Database } from '../database/connection';
import { outboxChannel } from '../database/outbox';
import { listen } from '../database/notifications';
import { messageOf } from '../errors';
import type { Logger } from '../log';
import { searchAttributes, type SearchAttributeName } from './search-attributes';

interface OutboxRow {
  id: number;
  action: 'start' | 'signal';
  task_queue: TaskQueue;
  workflow_type: string;
  workflow_id: string;
  args: unknown[];
  signal: string | null;
  reuse: 'reject' | 'allow';
  search_attributes: Partial<Record<SearchAttributeName, string>>;
  summary: string | null;
  attempts: number;
}

/** How many rows one claim takes, and how many calls to Temporal go out at once: a start takes some 10 ms there. */
const batchSize = 100;
const parallelCalls = 16;
/** A claim's rows come back by themselves after this long, when the relay that held them died. */
const claimSeconds = 15;
const pollMs = 1000;
const maxBackoffSeconds = 30;

/** gRPC codes with which Temporal says that this very request can never succeed (invalid argument, out of range). */
const finalGrpcCodes = new Set([3, 11]);

export interface RelayDependencies {
  db: Database;
  databaseUrl: string;
  client: Client;
  log: Logger;
}

export interface Relay {
  /** Stops claiming, and resolves when what was claimed has been handed over. */
  stop(): Promise<void>;
}

/**
 * Hands the outbox's rows to Temporal, one lane per task queue, so that no kind of work waits behind another. Claims are
 * short transactions; Temporal is called outside of them; a row leaves by id and claim token once Temporal has it.
 */
export function startRelay(deps: RelayDependencies, queues: readonly TaskQueue[]): Relay {
  const lanes = queues.map((queue) => new Lane(deps, queue));
  const byChannel = new Map(lanes.map((lane) => [outboxChannel(lane.queue), lane]));
  const listener = listen(
    deps.databaseUrl,
    [...byChannel.keys()],
    (channel) => byChannel.get(channel)?.wake(),
    deps.log,
  );
  const running = lanes.map((lane) => lane.run());
  return {
    async stop() {
      for (const lane of lanes) lane.stop();
      await Promise.all([...running, listener.close()]);
    },
  };
}

class Lane {
  private stopped = false;
  private woken = false;
  private interrupt = new AbortController();

  constructor(
    private readonly deps: RelayDependencies,
    readonly queue: TaskQueue,
  ) {}

  wake(): void {
    this.woken = true;
    this.interrupt.abort();
  }

  stop(): void {
    this.stopped = true;
    this.interrupt.abort();
  }

  async run(): Promise<void> {
    while (!this.stopped) {
      this.woken = false;
      const claimed = await this.drainOnce();
      if (claimed < batchSize && !this.woken && !this.stopped) await this.rest();
    }
  }

  private async rest(): Promise<void> {
    this.interrupt = new AbortController();
    await delay(pollMs, undefined, { signal: this.interrupt.signal }).catch(() => undefined); // Woken early.
  }

  private async drainOnce(): Promise<number> {
    try {
      const token = randomUUID();
      const rows = await claim(this.deps.db, this.queue, token);
      for (let start = 0; start < rows.length; start += parallelCalls) {
        await Promise.all(rows.slice(start, start + parallelCalls).map((row) => this.handOver(row, token)));
      }
      return rows.length;
    } catch (error) {
      this.deps.log.warn(
        { event: 'relay.failed', queue: this.queue, error },
        'the outbox could not be read; trying again',
      );
      return 0;
    }
  }

  private async handOver(row: OutboxRow, token: string): Promise<void> {
    const { db, log } = this.deps;
    const of = { queue: this.queue, workflowId: row.workflow_id, workflowType: row.workflow_type };
    try {
      await tell(this.deps.client, row);
      await db('outbox').where({ id: row.id, claim_token: token }).delete();
      log.info({ event: 'relay.handed_over', action: row.action, ...of });
    } catch (error) {
      if (isFinal(error)) {
        await db('outbox')
          .where({ id: row.id, claim_token: token })
          .update({ failed_at: db.fn.now(), last_error: messageOf(error) });
        log.error({ event: 'relay.rejected', ...of, error }, 'Temporal refuses this for good; see outbox.failed_at');
      } else {
        await putBack(db, row, token, messageOf(error));
        log.warn(
          { event: 'relay.put_back', ...of, attempts: row.attempts, error: messageOf(error) },
          'Temporal is away',
        );
      }
    }
  }
}

async function claim(db: Database, queue: TaskQueue, token: string): Promise<OutboxRow[]> {
  const { rows } = await db.raw<{ rows: OutboxRow[] }>(
    `with due as (
       select id from outbox
       where task_queue = :queue and failed_at is null and available_at <= now()
       order by available_at, id limit :batchSize
       for update skip locked
     )
     update outbox
     set claim_token = :token, attempts = attempts + 1, available_at = now() + make_interval(secs => :claimSeconds)
     from due where outbox.id = due.id
     returning outbox.*`,
    { queue, batchSize, token, claimSeconds },
  );
  return rows;
}

async function putBack(db: Database, row: OutboxRow, token: string, error: string): Promise<void> {
  const seconds = Math.min(2 ** Math.min(row.attempts - 1, 10), maxBackoffSeconds);
  await db('outbox')
    .where({ id: row.id, claim_token: token })
    .update({ available_at: db.raw('now() + make_interval(secs => ?)', [seconds]), last_error: error });
}

async function tell(client: Client, row: OutboxRow): Promise<void> {
  try {
    if (row.action === 'signal') {
      await client.workflow.getHandle(row.workflow_id).signal(row.signal ?? '');
      return;
    }
    const options = {
      workflowId: row.workflow_id,
      taskQueue: row.task_queue,
      args: row.args,
      workflowIdReusePolicy:
        row.reuse === 'reject' ? WorkflowIdReusePolicy.REJECT_DUPLICATE : WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      typedSearchAttributes: typed(row.search_attributes),
      ...(row.summary === null ? {} : { staticSummary: row.summary }),
    };
    if (row.signal === null) await client.workflow.start(row.workflow_type, options);
    else await client.workflow.signalWithStart(row.workflow_type, { ...options, signal: row.signal });
  } catch (error) {
    // The work is there already, or it ended and left nothing to be told: both are what the row wanted.
    if (error instanceof WorkflowExecutionAlreadyStartedError || error instanceof WorkflowNotFoundError) return;
    throw error;
  }
}

const isFinal = (error: unknown): boolean => {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return isGrpcServiceError(cause) && finalGrpcCodes.has(cause.code);
};

const types = new Map<string, 'Keyword' | 'Datetime'>(searchAttributes.map(({ name, type }) => [name, type]));

function typed(values: OutboxRow['search_attributes']): TypedSearchAttributes {
  return new TypedSearchAttributes(
    Object.entries(values).map(([name, value]) =>
      types.get(name) === 'Datetime'
        ? { key: defineSearchAttributeKey(name, SearchAttributeType.DATETIME), value: new Date(value) }
        : { key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD), value },
    ),
  );
}
