import type { Transaction } from '../database/connection';
import { conflict, type ErrorDetail } from '../errors';
import { beginCompletions } from './begin-completions';
import { linkCompletions } from './completions.store';
import { type LearnerNames, listTexts } from './learner.rules';
import {
  findTakenEmails,
  findLearner,
  type LearnerRow,
  type LearnerToWrite,
  lockByUids,
  lockIdentities,
  lockLearners,
  resolveLearners,
  writeLearners,
  type WrittenLearner,
} from './learners.store';
import { learnerMissing, refused } from './missing-record';
import { advanceWhoAwaits } from './record-completions';
import { changeEnrollments, type EnrollmentNeeds } from './write-enrollments';

export interface LearnerChange extends Partial<LearnerNames> {
  avatar_url?: string | null;
}

export type LearnerInput = LearnerChange & { uid: string };

/** Makes a learner. A uid or an email that another has is a conflict. */
export function createLearner(
  applicationId: string,
  input: LearnerInput,
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<LearnerRow> {
  return changeEnrollments(needs, async (tx) => {
    await lockIdentities(tx, applicationId, 'exclusive');
    const [other] = await resolveLearners(tx, applicationId, [{ uid: input.uid }]);
    if (other !== undefined) throw taken('uid', input.uid);
    return saveOne(tx, applicationId, newLearner(input), now);
  });
}

/** Changes what is given of a learner. */
export function changeLearner(
  { applicationId, learnerId }: { applicationId: string; learnerId: number },
  change: LearnerChange,
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<LearnerRow> {
  return changeEnrollments(needs, async (tx) => {
    await lockIdentities(tx, applicationId, 'exclusive');
    await lockLearners(tx, [learnerId]);
    const learner = await findLearner(tx, applicationId, learnerId);
    if (!learner) throw learnerMissing(learnerId);
    const next = changed(learner, change);
    const [other] = await resolveLearners(tx, applicationId, [{ uid: next.uid }]);
    if (other !== undefined && other !== learnerId) throw taken('uid', next.uid);
    return saveOne(tx, applicationId, next, now);
  });
}

/**
 * Makes or changes up to `maxLearners`, by uid; of those that are there, what is given changes. All or none: what is wrong
 * is named for each. Answers them in their order.
 */
export function saveLearners(
  applicationId: string,
  inputs: readonly LearnerInput[],
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<WrittenLearner[]> {
  return changeEnrollments(needs, async (tx) => {
    refuseRepeated(inputs, 'uid');
    await lockIdentities(tx, applicationId, 'exclusive');
    const there = await lockByUids(
      tx,
      applicationId,
      inputs.map(({ uid }) => uid),
    );
    const byUid = new Map(there.map((learner) => [learner.uid.toLowerCase(), learner]));
    const learners = inputs.map((input) => {
      const learner = byUid.get(input.uid.toLowerCase());
      return learner ? changed(learner, input) : newLearner(input);
    });
    refuseRepeated(learners, 'email');
    const emails = await findTakenEmails(tx, applicationId, learners);
    const problems = learners.flatMap(({ email }, index): ErrorDetail[] =>
      email !== null && emails.has(email) ? [{ index, path: 'email', message: 'belongs to another learner' }] : [],
    );
    if (problems.length > 0) throw refused(problems, 'taken');
    return save(tx, applicationId, learners, now);
  });
}

async function saveOne(
  tx: Transaction,
  applicationId: string,
  learner: LearnerToWrite,
  now: Date,
): Promise<LearnerRow> {
  if ((await findTakenEmails(tx, applicationId, [learner])).size > 0) throw taken('email', learner.email!);
  const [row] = await save(tx, applicationId, [learner], now);
  return row!;
}

/** Writes learners, and gives them what was completed under their identities. */
async function save(
  tx: Transaction,
  applicationId: string,
  learners: readonly LearnerToWrite[],
  now: Date,
): Promise<WrittenLearner[]> {
  await beginCompletions(tx, applicationId);
  const rows = await writeLearners(tx, applicationId, learners, now);
  const linked = await linkCompletions(
    tx,
    rows.map(({ id }) => id),
  );
  await advanceWhoAwaits(tx, linked, now);
  return rows;
}

function refuseRepeated(learners: readonly { uid: string; email?: string | null }[], path: 'uid' | 'email'): void {
  const first = new Map<string, number>();
  const problems: ErrorDetail[] = [];
  learners.forEach((learner, index) => {
    const key = learner[path]?.toLowerCase();
    if (key === undefined) return;
    if (first.has(key)) problems.push({ index, path, message: `is that of entry ${first.get(key)} too` });
    else first.set(key, index);
  });
  if (problems.length > 0) throw refused(problems, 'not_unique');
}

const newLearner = ({ uid, email = null, first_name = '', last_name = '', avatar_url = null }: LearnerInput) =>
  withTexts({ id: null, uid, email, first_name, last_name, avatar_url });

const changed = (learner: LearnerRow, change: LearnerChange): LearnerToWrite => {
  const { id, uid, email, first_name, last_name, avatar_url } = { ...learner, ...definedOnly(change) };
  return withTexts({ id, uid, email, first_name, last_name, avatar_url });
};

const withTexts = (learner: Omit<LearnerToWrite, 'sort_name' | 'search_text'>): LearnerToWrite => ({
  ...learner,
  ...listTexts(learner),
});

const definedOnly = (change: LearnerChange): LearnerChange =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

const taken = (path: 'uid' | 'email', value: string) =>
  conflict(`Another learner has the ${path} "${value}".`, {
    code: 'taken',
    details: [{ path, message: 'belongs to another learner' }],
  });
