import type { Database, Transaction } from '../database/connection';
import type { ToldCompletion } from './completion-mapping.rules';

/** What an event or a launch says was completed, as it waits to be recorded. */
export interface QueuedCompletion extends ToldCompletion {
  id: number;
  door: 'caliper' | 'events' | 'launch';
  /** Of a launch: its registration's. */
  event_id: string;
  completed_at: Date;
}

/** To be woken after the commit of what completes something. */
export const completionsChannel = 'completions';

/** What an event that is stored says was completed. */
export interface CompletionToQueue extends ToldCompletion {
  door: 'caliper' | 'events';
  event_id: string;
  /** As Postgres writes it, or a date. */
  completed_at: string | Date;
}

/** Queues what was not queued with its event. Wake `completionsChannel` afterwards. */
export async function queueCompletions(
  db: Database,
  applicationId: string,
  completions: readonly CompletionToQueue[],
): Promise<void> {
  await db.raw(
    `insert into completion_queue (application_id, door, event_id, email, learner, course, completed_at)
     select :applicationId, door, event_id, email, learner, course, completed_at
     from json_to_recordset(:completions) as c (door text, event_id text, email text, learner text, course text,
       completed_at timestamptz)`,
    { applicationId, completions: JSON.stringify(completions) },
  );
}

/** Queues what a learner's registration completes, in the transaction of that; its learner is named by the hub's id. */
export async function queueLaunchCompletion(tx: Transaction, registrationId: string, completedAt: Date): Promise<void> {
  await tx.raw(
    `insert into completion_queue (application_id, door, event_id, learner, course, completed_at)
     select r.application_id, 'launch', r.id, r.learner_id, c.course_id, :completedAt
     from registrations r join courses c on c.id = r.course_id where r.id = :registrationId`,
    { registrationId, completedAt },
  );
}

/**
 * Whether as many as this of an application wait. `between` where `=` is meant: otherwise the planner may take the order of the
 * ids alone, and read past everybody else's.
 */
export async function isQueueFull(db: Database, applicationId: string, size: number): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select from completion_queue where application_id between :applicationId and :applicationId and failed_at is null
     order by application_id, id offset :others limit 1`,
    { applicationId, others: size - 1 },
  );
  return rows.length > 0;
}

/** The transactions that are writing to the queue, or may be about to: each has locked it before anything else. */
export async function listQueueWriters(db: Database): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { writer: string }[] }>(
    `select distinct virtualtransaction as writer from pg_locks
     where locktype = 'relation' and relation = 'completion_queue'::regclass and mode = 'RowExclusiveLock'
       and database = (select oid from pg_database where datname = current_database())`,
  );
  return rows.map(({ writer }) => writer);
}

/** The application whose completions wait longest, of those that nobody else is taking. */
export async function findWaiting(db: Database): Promise<string | undefined> {
  const [applicationId] = await db('completion_queue')
    .whereNull('failed_at')
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .pluck<string[]>('application_id');
  return applicationId;
}

/** Takes completions of an application out of the queue, the oldest first. Those of one that is gone are gone with it. */
export async function takeCompletions(
  tx: Transaction,
  applicationId: string,
  limit: number,
): Promise<QueuedCompletion[]> {
  const { rows } = await tx.raw<{ rows: QueuedCompletion[] }>(
    `with taken as materialized (
       delete from completion_queue where id in (
         select id from completion_queue where application_id = :applicationId and failed_at is null
         order by id limit :limit for update skip locked)
       returning *
     )
     select t.* from taken t join applications a on a.id = t.application_id
     order by t.id`,
    { applicationId, limit },
  );
  return rows;
}

/** Puts one aside that cannot be recorded. */
export async function failCompletion(db: Database, id: number): Promise<void> {
  await db('completion_queue').where({ id }).update({ failed_at: db.fn.now() });
}

const mostCounted = 10_000;

/** How many wait, and how many were put aside; up to 10,000 of each. */
export async function countWaiting(db: Database): Promise<{ waiting: number; failed: number }> {
  const { rows } = await db.raw<{ rows: { waiting: number; failed: number }[] }>(
    `select
       (select count(*) from (select from completion_queue where failed_at is null limit :mostCounted) q) as waiting,
       (select count(*) from (select from completion_queue where failed_at is not null limit :mostCounted) q) as failed`,
    { mostCounted },
  );
  return rows[0]!;
}
