import type { Transaction } from '../database/connection';
import type { DeliveryState } from './deliveries.rules';
import type { EndedSubject } from './deliveries.store';

export interface AttemptRecord {
  delivery_id: string;
  number: number;
  /** The lease under which it was made. */
  lease_token: number;
  /** What the delivery becomes. */
  state: DeliveryState;
  next_attempt_at: Date | null;
  attempted_at: Date;
  status: number | null;
  latency_ms: number;
  answer: string | null;
  error: string | null;
  request: string | null;
}

export interface RecordedAttempt extends EndedSubject {
  delivery_id: string;
  /** Its endpoint has failed lately, so that a success is news. */
  unwell: boolean;
}

/**
 * Writes attempts and what becomes of their deliveries, in one statement however many they are. An attempt is written
 * once: it must be the delivery's next, and come from the lease that claimed it last. The others are left out of the answer.
 */
export async function recordAttempts(tx: Transaction, attempts: readonly AttemptRecord[]): Promise<RecordedAttempt[]> {
  const { rows } = await tx
    .raw<{ rows: RecordedAttempt[] }>(
      `with made as (
       select * from json_to_recordset(:attempts) as made (
         delivery_id uuid, number integer, lease_token bigint, state text, next_attempt_at timestamptz,
         attempted_at timestamptz, status smallint, latency_ms integer, answer text, error text, request text)
     ),
     recorded as (
       update deliveries d
       set state = made.state, attempts = made.number, next_attempt_at = made.next_attempt_at, lease_token = 0,
         first_attempt_at = coalesce(d.first_attempt_at, made.attempted_at),
         finished_at = case when made.state = 'retrying' then null else now() end
       from made
       where d.id = made.delivery_id and d.attempts = made.number - 1
         and d.state = 'pending' and d.lease_token = made.lease_token
       returning made.*, d.endpoint_id, d.subject_kind, d.subject_id
     ),
     written as (
       insert into delivery_attempts (delivery_id, number, attempted_at, status, latency_ms, answer, error, request)
       select delivery_id, number, attempted_at, status, latency_ms, answer, error, request from recorded
     )
     select recorded.delivery_id, recorded.endpoint_id, recorded.subject_kind, recorded.subject_id,
       e.failing_since is not null or e.failures > 0 or e.dying or e.state in ('recovering', 'probing') as unwell
     from recorded join endpoints e on e.id = recorded.endpoint_id`,
      { attempts: JSON.stringify(attempts) },
    )
    .options({ name: 'record-attempts' });
  return rows;
}
