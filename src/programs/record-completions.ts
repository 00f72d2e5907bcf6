import { createHash } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { Transaction } from '../database/connection';
import {
  type CompletionDoor,
  insertCompletions,
  type LearnerCourse,
  type NewCompletion,
  type StoredCompletion,
} from './completions.store';
import { observeCompletions } from './enrollment-metrics';
import { findAwaiting } from './enrollments.store';
import type { LearnerRef } from './learner.rules';
import { lockIdentities, lockLearners, resolveLearners } from './learners.store';
import { refused } from './missing-record';
import { changeEnrollments, type EnrollmentNeeds, settle } from './write-enrollments';

export interface CompletionReport {
  /** Named by id, it has to be there; by email or uid, the completion waits until it is. */
  learner: LearnerRef;
  courseId: string;
  /** Now unless told; what lies ahead counts as now. */
  completedAt?: Date;
  door: CompletionDoor;
  /** Of the event or launch it came with: the same again is stored once. Otherwise whom, what and when. */
  sourceId?: string;
}

/** Records that courses were completed, and advances whoever is enrolled. All or none. */
export const recordCompletions = (
  applicationId: string,
  reports: readonly CompletionReport[],
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<void> =>
  changeEnrollments(needs, async (tx) => {
    await recordCompletionsIn(tx, applicationId, reports, now);
  });

/**
 * The same within the transaction of what tells of it; wake `enrollmentChannels` after its commit. Answers what it took
 * each report for, in their order, whether or not it was stored before.
 */
export async function recordCompletionsIn(
  tx: Transaction,
  applicationId: string,
  reports: readonly CompletionReport[],
  now: Date,
): Promise<NewCompletion[]> {
  const ids = await lockKnown(
    tx,
    applicationId,
    reports.map(({ learner }) => learner),
  );
  const unknown = reports.flatMap(({ learner }, index) =>
    ids[index] === undefined && learner.email === undefined && learner.uid === undefined
      ? [{ index, path: 'learner_id', message: 'there is no such learner in this application' }]
      : [],
  );
  if (unknown.length > 0) throw refused(unknown);
  const completions = reports.map((report, nth) => completionOf(report, ids[nth], now));
  const stored = await insertCompletions(tx, applicationId, completions, now);
  observeCompletions(tx, stored);
  await advanceWhoAwaits(
    tx,
    stored.filter((each): each is StoredCompletion & LearnerCourse => each.learner_id !== null),
    now,
  );
  return completions;
}

/** Locks those who are meant and there; answers their ids, undefined for the others. */
async function lockKnown(
  tx: Transaction,
  applicationId: string,
  refs: readonly LearnerRef[],
): Promise<(number | undefined)[]> {
  for (;;) {
    const ids = await findKnown(tx, applicationId, refs);
    const known = new Set(ids.filter((id) => id !== undefined));
    // Whoever was deleted in between is unknown the next time.
    if ((await lockLearners(tx, [...known])).length === known.size) return ids;
  }
}

/** Who is meant. That somebody is not there is concluded while nobody else makes learners. */
async function findKnown(
  tx: Transaction,
  applicationId: string,
  refs: readonly LearnerRef[],
): Promise<(number | undefined)[]> {
  const ids = await resolveLearners(tx, applicationId, refs);
  if (!ids.includes(undefined)) return ids;
  await lockIdentities(tx, applicationId, 'shared');
  return resolveLearners(tx, applicationId, refs);
}

function completionOf(
  { learner: { email, uid, shortUid }, courseId, completedAt, door, sourceId }: CompletionReport,
  learnerId: number | undefined,
  now: Date,
): NewCompletion {
  const whom = learnerId === undefined ? [email?.toLowerCase() ?? null, uid?.toLowerCase() ?? null] : learnerId;
  // Nothing personal is to be read from it.
  const own = (): string =>
    completedAt === undefined ? uuid() : digest(JSON.stringify([whom, courseId, completedAt.getTime()]));
  return {
    learner_id: learnerId ?? null,
    email: learnerId === undefined ? (email ?? null) : null,
    uid: learnerId === undefined ? (uid ?? null) : null,
    short_uid: learnerId === undefined ? (shortUid ?? null) : null,
    course_id: courseId,
    completed_at: completedAt === undefined || completedAt > now ? now : completedAt,
    door,
    source_id: sourceId ?? own(),
  };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Advances the enrollments that something new is known for. The learners are locked. */
export async function advanceWhoAwaits(tx: Transaction, news: readonly LearnerCourse[], now: Date): Promise<void> {
  if (news.length === 0) return;
  const learnerIds = [...new Set(news.map(({ learner_id }) => learner_id))];
  const courseIds = [...new Set(news.map(({ course_id }) => course_id))];
  await settle(tx, await findAwaiting(tx, learnerIds, courseIds), { now });
}
