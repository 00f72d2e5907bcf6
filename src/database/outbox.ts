import type { SearchAttributeValues } from '../temporal/search-attributes';
import type { TaskQueue } from '../config';
import type { Database, Transaction } from './connection';

/** Work that Temporal is to do, written in the transaction of the record that wants it. */
export interface OutboxEntry {
  action: 'start' | 'signal';
  taskQueue: TaskQueue;
  workflowType: string;
  /** Made from the record's id, so that the same work is never started twice. */
  workflowId: string;
  /** Ids only: histories stay small and hold nothing personal. */
  args?: readonly unknown[];
  /** What a `signal` says; with a `start`, what the workflow is told where it runs already. */
  signal?: string;
  /** What a second start under a closed workflow's id does; `reject` counts as done. */
  reuse?: 'reject' | 'allow';
  searchAttributes?: SearchAttributeValues;
  /** One line for the Temporal Web UI. */
  summary?: string;
}

/** The channel on which the relay of a task queue is woken. */
export const outboxChannel = (taskQueue: TaskQueue): string => `outbox_${taskQueue}`;

/** Writes the work in the caller's transaction. Wake `outboxChannel(taskQueue)` after the commit. */
export const enqueue = (tx: Transaction, entry: OutboxEntry): Promise<void> => enqueueAll(tx, [entry]);

/** The same for any number, in their order. */
export async function enqueueAll(tx: Transaction, entries: readonly OutboxEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map((entry, nth) => ({
    nth,
    action: entry.action,
    task_queue: entry.taskQueue,
    workflow_type: entry.workflowType,
    workflow_id: entry.workflowId,
    args: entry.args ?? [],
    signal: entry.signal ?? null,
    reuse: entry.reuse ?? 'allow',
    search_attributes: entry.searchAttributes ?? {},
    summary: entry.summary ?? null,
  }));
  await tx.raw(
    `insert into outbox (action, task_queue, workflow_type, workflow_id, args, signal, reuse, search_attributes, summary)
     select action, task_queue, workflow_type, workflow_id, args, signal, reuse, search_attributes, summary
     from json_to_recordset(:rows) as e (nth integer, action text, task_queue text, workflow_type text, workflow_id text,
       args jsonb, signal text, reuse text, search_attributes jsonb, summary text)
     order by nth`,
    { rows: JSON.stringify(rows) },
  );
}

/** Whether work for a workflow still waits to be handed over. */
export const isEnqueued = async (db: Database, workflowId: string): Promise<boolean> =>
  (await db('outbox').where({ workflow_id: workflowId }).whereNull('failed_at').first('id')) !== undefined;
