import type { Transaction } from '../database/connection';
import type { DeliveryState } from './deliveries.rules';

export interface AttemptRecord {
  delivery_id: string;
  number: number;
  /** The lease under which a first attempt was made; null for a retry. */
  lease_token: number | null;
  /** What the delivery becomes. */
  state: DeliveryState;
  next_attempt_at: Date | null;
  attempted_at: Date;
  status: number | null;
  latency_ms: number;
  answer: string | null;
  error: string | null;
}

export interface RecordedAttempt {
  delivery_id: string;
  /** The delivery has ended, and the next one of its subject waits to be claimed. */
  unblocks: boolean;
}

/**
 * Writes attempts and what becomes of their deliveries, in one statement however many they are. An attempt is written
 * once: it must be the delivery's next, and a first one must come from the lease that claimed it last. The others are
 * left out of the answer.
 */
export async function recordAttempts(tx: Transaction, attempts: readonly AttemptRecord[]): Promise<RecordedAttempt[]> {
  const { rows } = await tx.raw<{ rows: RecordedAttempt[] }>(
    `with made as (
       select * from json_to_recordset(:attempts) as made (
         delivery_id uuid, number integer, lease_token bigint, state text, next_attempt_at timestamptz,
         attempted_at timestamptz, status smallint, latency_ms integer, answer text, error text)
     ),
     recorded as (
       update deliveries d
       set state = made.state, attempts = made.number, next_attempt_at = made.next_attempt_at,
         first_attempt_at = coalesce(d.first_attempt_at, made.attempted_at),
         finished_at = case when made.state = 'retrying' then null else now() end
       from made
       where d.id = made.delivery_id and d.attempts = made.number - 1
         and case when made.lease_token is null then d.state = 'retrying'
             else d.state = 'pending' and d.lease_token = made.lease_token end
       returning made.*, d.endpoint_id, d.subject_kind, d.subject_id
     ),
     written as (
       insert into delivery_attempts (delivery_id, number, attempted_at, status, latency_ms, answer, error)
       select delivery_id, number, attempted_at, status, latency_ms, answer, error from recorded
     )
     select delivery_id, state <> 'retrying' and exists (
       select 1 from deliveries later
       where later.endpoint_id = recorded.endpoint_id
         and later.subject_kind = recorded.subject_kind and later.subject_id = recorded.subject_id
         and later.state = 'pending' and later.id <> recorded.delivery_id
     ) as unblocks
     from recorded`,
    { attempts: JSON.stringify(attempts) },
  );
  return rows;
}
