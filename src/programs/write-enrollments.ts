import type { Transaction } from '../database/connection';
import { enqueueAll, outboxChannel } from '../database/outbox';
import { emitHubEvents, hubEventsChannel } from '../events/emit-hub-events';
import type { Resources } from '../resources';
import { findFacts } from './completions.store';
import { advance, enroll, type Enrollment, type NewItem, newItems, type Outcome, supersede } from './enrollment.rules';
import { enrollmentEvent } from './enrollment-events.rules';
import { observeChanges } from './enrollment-metrics';
import { lifecycleWork } from './enrollment-work';
import { insertEnrollments, insertHistory, reserveIds, updateEnrollments } from './enrollments.store';
import { findUids } from './learners.store';
import type { EnrollmentDates } from './program-settings.rules';
import { listProgramItems, shareProgramLocks } from './programs.store';

/** What verbs on enrollments need of a process. */
export type EnrollmentNeeds = Pick<Resources, 'db' | 'wake'>;

/** To be woken after the commit of whatever has changed enrollments. */
export const enrollmentChannels: readonly string[] = [outboxChannel('enrollments'), hubEventsChannel];

/** One transaction that changes enrollments; whom it concerns is woken after its commit. */
export async function changeEnrollments<T>(
  { db, wake }: EnrollmentNeeds,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const result = await db.transaction(async (tx) => {
    // Otherwise each row's foreign keys are planned anew: ten times the cost of an insert.
    await tx.raw('set local plan_cache_mode = auto');
    return work(tx);
  });
  enrollmentChannels.forEach(wake);
  return result;
}

/** What became of an enrollment; without `before` it is a new one. */
export interface EnrollmentWrite {
  before?: Enrollment;
  outcome: Outcome;
}

export interface WriteOptions {
  now: Date;
  /** The enrollment whose workflow asks, and so need not be told. */
  asks?: number;
}

/** Does what time and the facts have brought to enrollments, and writes it. Their learners are locked. */
export async function settle(
  tx: Transaction,
  enrollments: readonly Enrollment[],
  options: WriteOptions,
): Promise<Enrollment[]> {
  const facts = await findFacts(tx, enrollments);
  return writeEnrollments(
    tx,
    enrollments.map((before, nth) => ({ before, outcome: advance(before, facts[nth]!, options.now) })),
    options,
  );
}

/**
 * Writes what became of enrollments: the record, its timeline, the hub's events, and what their workflows are told. Those
 * whose time to be re-enrolled has come are re-enrolled. Answers them as they are now, those that were made in here last.
 */
export async function writeEnrollments(
  tx: Transaction,
  writes: readonly EnrollmentWrite[],
  options: WriteOptions,
): Promise<Enrollment[]> {
  const all = [...writes];
  // One that is made with an expiry that has passed is re-enrolled at once; its follower has the program's own dates.
  for (let from = 0; from < all.length;) {
    const made = await reEnroll(tx, all, from, options.now);
    from = all.length;
    all.push(...made);
  }
  const changed = all.filter(({ before, outcome }) => outcome.enrollment !== before);
  await writeRecords(tx, changed, options.now);
  await tell(tx, changed, options);
  return all.map(({ outcome }) => outcome.enrollment);
}

/** Supersedes those of the writes, from one on, whose time has come, and answers what takes their place. */
async function reEnroll(
  tx: Transaction,
  writes: EnrollmentWrite[],
  from: number,
  now: Date,
): Promise<EnrollmentWrite[]> {
  const due = writes.flatMap((write, nth) => (nth >= from && write.outcome.reEnrolls ? [{ write, nth }] : []));
  const followers = await makeFollowers(
    tx,
    due.map(({ write }) => ({ outcome: write.outcome, countsFrom: write.outcome.enrollment.renew_at })),
    now,
  );
  due.forEach(({ write, nth }, place) => {
    writes[nth] = { ...write, outcome: followers[place]!.ended };
  });
  return followers.map(({ next }) => ({ outcome: next }));
}

/** An enrollment whose place another is to take. */
export interface Succession {
  outcome: Outcome;
  countsFrom: Date | null;
  /** In place of those that follow from the program's settings. */
  dates?: Partial<EnrollmentDates>;
}

/** Ends enrollments by others for the same learners, with the settings and items that the programs have now. */
export async function makeFollowers(
  tx: Transaction,
  successions: readonly Succession[],
  now: Date,
): Promise<{ ended: Outcome; next: Outcome }[]> {
  if (successions.length === 0) return [];
  const programs = await findOffers(
    tx,
    successions.map(({ outcome }) => outcome.enrollment.program_id),
    now,
  );
  const ids = await reserveIds(tx, successions.length);
  const wanted = successions.map(({ outcome: { enrollment }, countsFrom: counts_from }) => ({
    learner_id: enrollment.learner_id,
    counts_from,
    items: programs.get(enrollment.program_id)!.items,
  }));
  const facts = await findFacts(tx, wanted);
  return successions.map(({ outcome, countsFrom: counts_from, dates }, nth) => {
    const { application_id, program_id, learner_id, id: previous_id } = outcome.enrollment;
    const id = ids[nth]!;
    const of = { id, application_id, program_id, learner_id, previous_id, counts_from, ...(dates && { dates }) };
    const next = enroll({ ...of, ...programs.get(program_id)! }, facts[nth]!, now);
    return { ended: supersede(outcome, id, now), next };
  });
}

/** What an enrollment that is made now gets of its program. */
export type Offer = Pick<Enrollment, 'settings' | 'items'>;

/** What programs offer, by their id. Until the commit they stay as they are. */
export async function findOffers(
  tx: Transaction,
  programIds: readonly number[],
  now: Date,
): Promise<Map<number, Offer>> {
  const ids = [...new Set(programIds)];
  const programs = await shareProgramLocks(tx, ids);
  const items = new Map<number, NewItem[]>(programs.map(({ id }) => [id, []]));
  for (const { id: item_id, program_id, waived_at, ...item } of await listProgramItems(tx, ids)) {
    const { course_id, title, requires_approval, days_until_due } = item;
    if (waived_at === null)
      items.get(program_id)?.push({ item_id, course_id, title, requires_approval, days_until_due });
  }
  return new Map(programs.map(({ id, settings }) => [id, { settings, items: newItems(items.get(id)!, now) }]));
}

async function writeRecords(tx: Transaction, writes: readonly EnrollmentWrite[], now: Date): Promise<void> {
  const changed = writes.flatMap(({ before, outcome }) => (before ? [{ before, after: outcome.enrollment }] : []));
  const made = writes.filter(({ before }) => before === undefined).map(({ outcome }) => outcome.enrollment);
  // Before the new ones: a learner has one live enrollment in a program.
  if (changed.length > 0) await updateEnrollments(tx, changed, now);
  if (made.length > 0) await insertEnrollments(tx, made, now);
}

async function tell(tx: Transaction, writes: readonly EnrollmentWrite[], { now, asks }: WriteOptions): Promise<void> {
  const changes = writes.flatMap(({ outcome: { enrollment, changes: all } }) =>
    all.map((change) => ({ enrollment, change })),
  );
  observeChanges(
    tx,
    changes.map(({ change }) => change),
  );
  const uids = await findUids(
    tx,
    changes.map(({ enrollment }) => enrollment.learner_id),
  );
  await insertHistory(
    tx,
    changes.map(({ enrollment, change }) => ({ enrollment_id: enrollment.id, ...change })),
    now,
  );
  await emitHubEvents(
    tx,
    changes.map(({ enrollment, change }) => enrollmentEvent(enrollment, uids.get(enrollment.learner_id)!, change)),
  );
  await enqueueAll(
    tx,
    writes.flatMap(({ before, outcome: { enrollment } }) =>
      enrollment.id === asks ? [] : lifecycleWork(before, enrollment),
    ),
  );
}
