import { Counter, Gauge } from 'prom-client';
import type { Database, Transaction } from '../database/connection';
import { countWaiting } from './completion-queue.store';
import type { StoredCompletion } from './completions.store';
import type { EnrollmentChange } from './enrollment.rules';

const changes = new Counter({
  name: 'hub_enrollment_changes_total',
  help: 'What happened to enrollments, by type: enrolled, reminded, step_completed, overdue, completed…',
  labelNames: ['type'],
});
const completions = new Counter({
  name: 'hub_completions_total',
  help: 'Completions that were recorded, by the door they came by; those that came again are not counted.',
  labelNames: ['door'],
});

/** Counts them once they are committed. */
export const observeChanges = (tx: Transaction, all: readonly EnrollmentChange[]): void =>
  afterCommit(tx, () => all.forEach(({ type }) => changes.inc({ type })));

/** Counts them once they are committed. */
export const observeCompletions = (tx: Transaction, all: readonly StoredCompletion[]): void =>
  afterCommit(tx, () => all.forEach(({ door }) => completions.inc({ door })));

function afterCommit(tx: Transaction, count: () => void): void {
  // Who runs the transaction is told of its failure.
  tx.executionPromise.then(count, () => undefined);
}

let counted: Database | undefined;

export const waiting = new Gauge({
  name: 'hub_completions_waiting',
  help: 'Completions of events and launches that are still to be recorded (state waiting) or could not be (failed); counted up to 10,000.',
  labelNames: ['state'],
  async collect() {
    if (!counted) return;
    const { waiting: left, failed } = await countWaiting(counted);
    this.set({ state: 'waiting' }, left);
    this.set({ state: 'failed' }, failed);
  },
});

/** From now on the metrics count what waits in this database, when they are asked for. */
export function countCompletionsIn(db: Database): void {
  counted = db;
}
