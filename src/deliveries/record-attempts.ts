import { enqueue, outboxChannel } from '../database/outbox';
import type { Transaction } from '../database/connection';
import type { Resources } from '../resources';
import { type AttemptRecord, type RecordedAttempt, recordAttempts } from './delivery-attempts.store';
import { observeAttempt, observeState } from './delivery-metrics';
import { deliveriesChannel } from './delivery-wakes';
import type { SendableRow } from './deliveries.store';
import type { Attempt, Verdict } from './deliveries.rules';

/** An attempt that was made, and what it leads to. */
export interface Outcome {
  delivery: SendableRow;
  attempt: Attempt;
  verdict: Verdict;
  /** The lease under which a first attempt was made; null for a retry. */
  leaseToken: number | null;
}

export type Recorder = Pick<Resources, 'db' | 'wake' | 'log'>;

/**
 * Writes attempts, what becomes of their deliveries, and a workflow for each that failed the first time, in one
 * transaction. Answers whether each was written: one that another attempt of the same number came before is not.
 */
export async function recordOutcomes(outcomes: readonly Outcome[], recorder: Recorder): Promise<boolean[]> {
  const recorded = await recorder.db.transaction(async (tx) => {
    const written = byDelivery(await recordAttempts(tx, outcomes.map(toRecord)));
    for (const outcome of outcomes) {
      if (written.has(outcome.delivery.id) && startsRetries(outcome)) await startRetries(tx, outcome.delivery);
    }
    return written;
  });
  for (const outcome of outcomes) tell(outcome, recorded.get(outcome.delivery.id), recorder);
  return outcomes.map(({ delivery }) => recorded.has(delivery.id));
}

const byDelivery = (rows: RecordedAttempt[]): Map<string, RecordedAttempt> =>
  new Map(rows.map((row) => [row.delivery_id, row]));

const startsRetries = ({ attempt, verdict }: Outcome): boolean => verdict.state === 'retrying' && attempt.number === 1;

const toRecord = ({ delivery, attempt, verdict, leaseToken }: Outcome): AttemptRecord => ({
  delivery_id: delivery.id,
  number: attempt.number,
  lease_token: leaseToken,
  state: verdict.state,
  next_attempt_at: verdict.state === 'retrying' ? verdict.nextAttemptAt : null,
  attempted_at: attempt.at,
  status: attempt.status ?? null,
  latency_ms: attempt.latencyMs,
  answer: attempt.answer ?? null,
  error: attempt.error ?? null,
});

const startRetries = (tx: Transaction, delivery: SendableRow): Promise<void> =>
  enqueue(tx, {
    action: 'start',
    taskQueue: 'deliveries',
    workflowType: 'retryDelivery',
    workflowId: `delivery/${delivery.id}`,
    args: [{ deliveryId: delivery.id }],
    searchAttributes: {
      HubApplicationId: delivery.application_id,
      HubEndpointId: delivery.endpoint_id,
      HubState: 'retrying',
    },
    summary: `Retries for ${delivery.subject_kind} ${delivery.subject_id} to ${delivery.origin}`,
  });

function tell(outcome: Outcome, recorded: RecordedAttempt | undefined, { wake, log }: Recorder): void {
  const { delivery, attempt, verdict } = outcome;
  observeAttempt(attempt);
  const line = {
    event: 'delivery.attempt',
    deliveryId: delivery.id,
    endpointId: delivery.endpoint_id,
    applicationId: delivery.application_id,
    subject: `${delivery.subject_kind}/${delivery.subject_id}`,
    attempt: attempt.number,
    outcome: attempt.outcome,
    status: attempt.status,
    latencyMs: attempt.latencyMs,
    reason: attempt.error,
  };
  if (!recorded) {
    log.warn(line, 'the attempt is not recorded: the delivery was sent by another process too');
    return;
  }
  observeState(verdict.state);
  log.info({ ...line, state: verdict.state });
  if (startsRetries(outcome)) wake(outboxChannel('deliveries'));
  if (recorded.unblocks) wake(deliveriesChannel(delivery.shard));
}
