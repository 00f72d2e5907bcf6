import type { Transaction } from '../database/connection';
import { findFacts } from './completions.store';
import { changeDates, enroll, type Enrollment, haveDatesChanged, type Outcome } from './enrollment.rules';
import {
  addSource,
  findLastInProgram,
  findLiveInProgram,
  insertHistory,
  type LastEnrollment,
  reserveIds,
} from './enrollments.store';
import type { LearnerRef } from './learner.rules';
import { programMissing } from './missing-record';
import type { EnrollmentDates } from './program-settings.rules';
import { findProgram, shareProgramLocks } from './programs.store';
import { lockRequired } from './resolve-learners';
import {
  changeEnrollments,
  type EnrollmentNeeds,
  type EnrollmentWrite,
  findOffers,
  makeFollowers,
  type Succession,
  writeEnrollments,
} from './write-enrollments';

/** Dates: undefined is the program's default (or, of one who is enrolled, as it is), null is none. */
export type LearnerToEnroll = LearnerRef & Partial<EnrollmentDates>;

export interface EnrollRequest {
  applicationId: string;
  programId: number;
  /** Up to `maxLearners`, each once. */
  learners: readonly LearnerToEnroll[];
}

/**
 * Enrolls learners in a program, all or none. One who is active already has the dates changed that are given; one who has
 * completed is enrolled anew.
 */
export function enrollLearners(
  { applicationId, programId, learners }: EnrollRequest,
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<void> {
  return changeEnrollments(needs, async (tx) => {
    if (!(await findProgram(tx, applicationId, programId))) throw programMissing(programId);
    const ids = await lockRequired(tx, applicationId, learners);
    const entries = ids.map((learnerId, nth) => {
      const { end_at, expires_at } = learners[nth]!;
      return { learnerId, dates: { end_at, expires_at } as Partial<EnrollmentDates> };
    });
    await enrollLocked(tx, { applicationId, programId, entries, groupId: null }, now);
  });
}

interface Entry {
  learnerId: number;
  dates: Partial<EnrollmentDates>;
}

interface Enrolling {
  applicationId: string;
  programId: number;
  entries: readonly Entry[];
  /** The group that is their source; null: individually. Only the latter re-enrolls one who has completed. */
  groupId: number | null;
}

/** The same within a transaction that has locked the learners. */
export async function enrollLocked(tx: Transaction, enrolling: Enrolling, now: Date): Promise<void> {
  const { programId, entries, groupId } = enrolling;
  const [program] = await shareProgramLocks(tx, [programId]);
  if (!program || program.deleted_at !== null) throw programMissing(programId);
  const learnerIds = entries.map(({ learnerId }) => learnerId);
  const live = new Map(
    (await findLiveInProgram(tx, programId, learnerIds)).map((enrollment) => [enrollment.learner_id, enrollment]),
  );
  const known = entries.filter(({ learnerId }) => live.has(learnerId));
  const unknown = entries.filter(({ learnerId }) => !live.has(learnerId));
  const writes = [
    ...(await continueEnrollments(
      tx,
      known.map((entry) => ({ ...entry, enrollment: live.get(entry.learnerId)! })),
      groupId === null,
      now,
    )),
    ...(await makeEnrollments(tx, { ...enrolling, entries: unknown }, now)),
  ];
  const written = await writeEnrollments(tx, writes, { now });
  await addSources(tx, written, groupId, now);
}

/** Those who are enrolled already. */
async function continueEnrollments(
  tx: Transaction,
  entries: readonly (Entry & { enrollment: Enrollment })[],
  renewsComplete: boolean,
  now: Date,
): Promise<EnrollmentWrite[]> {
  const facts = await findFacts(
    tx,
    entries.map(({ enrollment }) => enrollment),
  );
  const writes = entries.map(({ enrollment: before, dates }, nth) => ({
    before,
    dates,
    outcome: changeDates(before, isComplete(before) ? {} : dates, facts[nth]!, now),
  }));
  const ends = ({ before, outcome }: { before: Enrollment; outcome: Outcome }): boolean =>
    outcome.reEnrolls || (renewsComplete && isComplete(before));
  const ending = writes.filter(ends);
  const followers = await makeFollowers(
    tx,
    ending.map(({ outcome, dates }): Succession => {
      const countsFrom = outcome.reEnrolls ? outcome.enrollment.renew_at : now;
      return { outcome, countsFrom, dates: haveDatesChanged(outcome) ? {} : dates };
    }),
    now,
  );
  return [
    ...writes.filter((write) => !ends(write)),
    ...ending.map(({ before }, nth) => ({ before, outcome: followers[nth]!.ended })),
    ...followers.map(({ next }) => ({ outcome: next })),
  ];
}

const isComplete = ({ state }: Enrollment): boolean => state === 'complete';

async function makeEnrollments(
  tx: Transaction,
  { applicationId, programId, entries }: Enrolling,
  now: Date,
): Promise<EnrollmentWrite[]> {
  if (entries.length === 0) return [];
  const offer = (await findOffers(tx, [programId], now)).get(programId)!;
  const learnerIds = entries.map(({ learnerId }) => learnerId);
  const last = await findLastInProgram(tx, programId, learnerIds);
  const ids = await reserveIds(tx, entries.length);
  const facts = await findFacts(
    tx,
    learnerIds.map((learner_id) => ({ learner_id, counts_from: countsFrom(last.get(learner_id)), items: offer.items })),
  );
  return entries.map(({ learnerId: learner_id, dates }, nth) => {
    const removed = last.get(learner_id);
    const enrollment = {
      id: ids[nth]!,
      application_id: applicationId,
      program_id: programId,
      learner_id,
      previous_id: removed?.id ?? null,
      settings: offer.settings,
      counts_from: countsFrom(removed),
      items: offer.items,
      dates,
    };
    return { outcome: enroll(enrollment, facts[nth]!, now) };
  });
}

/** One who was removed and comes back goes on where the last enrollment began to count. */
const countsFrom = (last: LastEnrollment | undefined): Date | null => last?.counts_from ?? null;

async function addSources(
  tx: Transaction,
  enrollments: readonly Enrollment[],
  groupId: number | null,
  now: Date,
): Promise<void> {
  const live = enrollments.filter(({ superseded_at }) => superseded_at === null).map(({ id }) => id);
  const added = await addSource(tx, live, groupId, now);
  await insertHistory(
    tx,
    added.map((enrollment_id) => ({ enrollment_id, at: now, type: 'source_added', detail: { group_id: groupId } })),
    now,
  );
}
