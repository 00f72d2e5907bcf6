import { enqueue, outboxChannel } from '../database/outbox';
import type { Transaction } from '../database/connection';
import type { Resources } from '../resources';
import { type AttemptRecord, type RecordedAttempt, recordAttempts } from './delivery-attempts.store';
import { observeAttempt, observeState } from './delivery-metrics';
import { deliveriesChannel } from './delivery-wakes';
import { type SendableRow, unblockNext } from './deliveries.store';
import { type Attempt, isFinished, succeeded, type Verdict } from './deliveries.rules';
import { type EndpointChange, type EndpointHealth, isOpen, nextHealth } from './endpoint-health.rules';
import { type EndpointHealthRow, lockHealth, setHealth } from './endpoints.store';
import { emitHubEvents, hubEventsChannel } from '../events/emit-hub-events';
import { recoveryWork, retryWork } from './delivery-work';
import { endpointEvents, tellOfEndpoint } from './tell-of-endpoint';

/** An attempt that was made, and what it leads to. */
export interface Outcome {
  delivery: SendableRow;
  attempt: Attempt;
  verdict: Verdict;
  /** The lease under which it was made. */
  leaseToken: number;
}

/** What became of an attempt. */
export interface Written {
  /** False where another attempt of the same number came before it, or the delivery was cancelled meanwhile. */
  recorded: boolean;
  /** Its endpoint is not to be sent to for the time being. */
  closed: boolean;
  /** Another delivery to its endpoint may go now that could not before. */
  unblocked: boolean;
}

export type Recorder = Pick<Resources, 'db' | 'wake' | 'log'>;

/**
 * Retries that wait in workflows of their own, for one endpoint: starting one takes Temporal some 10 ms. The drains look
 * after those beyond, a little later than planned.
 */
const retryingLimit = 100;

/**
 * Writes attempts, what becomes of their deliveries and of the endpoints' health, and the workflows that this starts, in
 * one transaction.
 */
export async function recordOutcomes(outcomes: readonly Outcome[], recorder: Recorder): Promise<Written[]> {
  const { recorded, endpoints, unblocked } = await recorder.db.transaction((tx) => write(tx, outcomes));
  for (const outcome of outcomes) tell(outcome, recorded.has(outcome.delivery.id), recorder);
  for (const endpoint of endpoints.values()) tellOfEndpoint(endpoint, recorder.log);
  if (recorded.size > 0) wakeAfter(outcomes, endpoints, recorder);
  if ([...endpoints.values()].some(({ changes }) => changes.length > 0)) recorder.wake(hubEventsChannel);
  return outcomes.map(({ delivery: { id, endpoint_id } }) => {
    const health = endpoints.get(endpoint_id)?.health;
    return {
      recorded: recorded.has(id),
      closed: health !== undefined && !isOpen(health.state),
      unblocked: unblocked.has(endpoint_id),
    };
  });
}

interface ChangedEndpoint {
  before: EndpointHealthRow;
  health: EndpointHealth;
  changes: EndpointChange[];
  retrying: number;
}

interface Result {
  /** Ids of the deliveries whose attempt was written. */
  recorded: Set<string>;
  /** By id, those that are not simply well. */
  endpoints: Map<string, ChangedEndpoint>;
  /** Ids of endpoints. */
  unblocked: Set<string>;
}

async function write(tx: Transaction, outcomes: readonly Outcome[]): Promise<Result> {
  const rows = await recordAttempts(tx, outcomes.map(toRecord));
  const recorded = new Set(rows.map(({ delivery_id }) => delivery_id));
  const made = outcomes.filter(({ delivery }) => recorded.has(delivery.id));
  const unblocked = await unblockNext(tx, endedSubjects(made, rows));
  const endpoints = await judgeEndpoints(tx, made, rows);
  for (const outcome of made) await startRetries(tx, outcome, endpoints);
  return { recorded, endpoints, unblocked: new Set(unblocked) };
}

/** What ended out of order holds nobody up. */
function endedSubjects(made: readonly Outcome[], rows: readonly RecordedAttempt[]): RecordedAttempt[] {
  const ended = new Set(
    made
      .filter(({ verdict, delivery }) => isFinished(verdict.state) && delivery.replayed_after === null)
      .map(({ delivery }) => delivery.id),
  );
  return rows.filter(({ delivery_id }) => ended.has(delivery_id));
}

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
  request: attempt.request ?? null,
});

/**
 * What the attempts show of their endpoints, one after the other; writes what has changed. A success at an endpoint that
 * was well shows nothing.
 */
async function judgeEndpoints(
  tx: Transaction,
  made: readonly Outcome[],
  rows: readonly RecordedAttempt[],
): Promise<Map<string, ChangedEndpoint>> {
  const failed = made.filter(({ attempt }) => !succeeded(attempt)).map(({ delivery }) => delivery.endpoint_id);
  const unwell = rows.filter((row) => row.unwell).map(({ endpoint_id }) => endpoint_id);
  const locked = await lockHealth(tx, [...new Set([...failed, ...unwell])], retryingLimit);
  const endpoints = new Map<string, ChangedEndpoint>(
    locked.map((row) => [row.id, { before: row, health: row, changes: [], retrying: row.retrying }]),
  );
  for (const { delivery, attempt, verdict } of made) {
    const endpoint = endpoints.get(delivery.endpoint_id);
    if (!endpoint) continue;
    const terms = { isOwn: endpoint.before.is_own, random: Math.random() };
    const sign = { attempt, died: verdict.state === 'dead', isProbe: delivery.is_probe };
    const { health, changes } = nextHealth(endpoint.health, sign, terms);
    endpoint.health = health;
    endpoint.changes.push(...changes);
  }
  for (const { before, health, changes } of endpoints.values()) {
    if (health !== before) await setHealth(tx, before.id, health);
    // Its recovery begins, or has something new to wait for.
    await emitHubEvents(tx, endpointEvents(before, health, changes));
    const isRecovery = changes.includes('held') || before.state === 'probing';
    if (isRecovery) await enqueue(tx, recoveryWork(before, health.state));
  }
  return endpoints;
}

/**
 * A workflow for what waits for its retry at an endpoint that otherwise works. One that is held back releases all its
 * retries when it recovers; and what was retried before and is over now has a workflow that wants to know.
 */
async function startRetries(
  tx: Transaction,
  { delivery, attempt, verdict }: Outcome,
  endpoints: Map<string, ChangedEndpoint>,
): Promise<void> {
  if (verdict.state !== 'retrying') {
    if (attempt.number > 1) await enqueue(tx, retryWork(delivery, 'signal'));
    return;
  }
  const endpoint = endpoints.get(delivery.endpoint_id);
  if (endpoint?.health.state !== 'active' || endpoint.retrying >= retryingLimit) return;
  await enqueue(tx, retryWork(delivery, 'start'));
}

function tell({ delivery, attempt, verdict }: Outcome, recorded: boolean, { log }: Recorder): void {
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
    log.warn(line, 'the attempt is not recorded: the delivery was sent by another process too, or cancelled');
    return;
  }
  observeState(verdict.state);
  log.info({ ...line, state: verdict.state });
}

function wakeAfter(outcomes: readonly Outcome[], endpoints: Map<string, ChangedEndpoint>, { wake }: Recorder): void {
  if (
    outcomes.some(({ attempt, verdict }) => verdict.state === 'retrying' || attempt.number > 1) ||
    endpoints.size > 0
  ) {
    wake(outboxChannel('deliveries'));
  }
  for (const { before, health } of endpoints.values()) {
    if (!isOpen(before.state) && isOpen(health.state)) wake(deliveriesChannel(before.shard));
  }
}
