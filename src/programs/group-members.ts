import type { Transaction } from '../database/connection';
import { notFound, tooLarge } from '../errors';
import { findFacts } from './completions.store';
import { enrollLocked } from './enroll-learners';
import { remove } from './enrollment.rules';
import { findEnrollments, insertHistory, removeGroupSource } from './enrollments.store';
import {
  countMembers,
  deleteMembers,
  deleteProgramGroup,
  type GroupRow,
  insertMembers,
  insertProgramGroup,
  listMemberIds,
  listProgramIds,
  lockGroup,
} from './groups.store';
import { type LearnerRef, maxLearners } from './learner.rules';
import { lockLearners } from './learners.store';
import { groupMissing, programMissing } from './missing-record';
import { findProgram } from './programs.store';
import { lockRequired } from './resolve-learners';
import { changeEnrollments, type EnrollmentNeeds, writeEnrollments } from './write-enrollments';

export interface GroupChoice {
  applicationId: string;
  groupId: number;
}

/**
 * A change of a group in a transaction of its own. The group's row is locked before those of learners: who joins a group and
 * which programs it is a source of do not change at once.
 */
export const changeGroup = <T>(
  { applicationId, groupId }: GroupChoice,
  needs: EnrollmentNeeds,
  change: (tx: Transaction, group: GroupRow) => Promise<T>,
): Promise<T> =>
  changeEnrollments(needs, async (tx) => {
    const group = await lockGroup(tx, applicationId, groupId);
    if (!group) throw groupMissing(groupId);
    return change(tx, group);
  });

/**
 * Has learners join a group, and so be enrolled in its programs. All or none; who is a member stays one. Answers how many
 * were not.
 */
export const addMembers = (
  choice: GroupChoice,
  learners: readonly LearnerRef[],
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<number> =>
  changeGroup(choice, needs, async (tx) => {
    const { applicationId, groupId } = choice;
    const learnerIds = await lockRequired(tx, applicationId, learners);
    const added = await insertMembers(tx, groupId, learnerIds, now);
    if ((await countMembers(tx, groupId)) > maxLearners)
      throw tooLarge(`A group has ${maxLearners} members at most; make another.`, { code: 'group_full' });
    const programIds = await listProgramIds(tx, groupId);
    if (programIds.length * learnerIds.length > maxLearners)
      throw tooLarge(`These would be more than ${maxLearners} enrollments at once; add fewer members at a time.`);
    for (const programId of programIds)
      await enrollLocked(tx, { applicationId, programId, groupId, entries: entriesOf(learnerIds) }, now);
    return added;
  });

/** Has learners leave a group, and the programs that they have no other source of. Answers how many were members. */
export const removeMembers = (
  choice: GroupChoice,
  learners: readonly LearnerRef[],
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<number> =>
  changeGroup(choice, needs, async (tx) => {
    const learnerIds = await lockRequired(tx, choice.applicationId, learners);
    const removed = await deleteMembers(tx, choice.groupId, learnerIds);
    await withdraw(tx, { groupId: choice.groupId, learnerIds }, now);
    return removed;
  });

/** Makes a group a source of a program: all members are enrolled. */
export const addGroupToProgram = (
  choice: GroupChoice & { programId: number },
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<void> =>
  changeGroup(choice, needs, async (tx) => {
    const { applicationId, groupId, programId } = choice;
    if (!(await findProgram(tx, applicationId, programId))) throw programMissing(programId);
    if (!(await insertProgramGroup(tx, { program_id: programId, group_id: groupId }, now))) return;
    const learnerIds = await lockMembers(tx, groupId);
    await enrollLocked(tx, { applicationId, programId, groupId, entries: entriesOf(learnerIds) }, now);
  });

/** Takes a group from a program's sources: members without another are removed from it. */
export const removeGroupFromProgram = (
  choice: GroupChoice & { programId: number },
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<void> =>
  changeGroup(choice, needs, async (tx) => {
    const { groupId, programId } = choice;
    if (!(await deleteProgramGroup(tx, { program_id: programId, group_id: groupId })))
      throw notFound(`The group ${groupId} is no source of the program ${programId}.`);
    await withdraw(tx, { groupId, programId, learnerIds: await lockMembers(tx, groupId) }, now);
  });

/** The members of a group that is locked: nobody joins it. */
export async function lockMembers(tx: Transaction, groupId: number): Promise<number[]> {
  return lockLearners(tx, await listMemberIds(tx, groupId, { after: 0, limit: maxLearners }));
}

const entriesOf = (learnerIds: readonly number[]) => learnerIds.map((learnerId) => ({ learnerId, dates: {} }));

/** Takes a group as a source from locked learners' enrollments; those without any other are removed. */
export async function withdraw(
  tx: Transaction,
  from: { groupId: number; programId?: number; learnerIds: readonly number[] },
  now: Date,
): Promise<void> {
  const left = await removeGroupSource(tx, from);
  const detail = { group_id: from.groupId };
  await insertHistory(
    tx,
    left.map(({ enrollment_id }) => ({ enrollment_id, at: now, type: 'source_removed', detail })),
    now,
  );
  const without = left.filter(({ others }) => !others).map(({ enrollment_id }) => enrollment_id);
  const enrollments = await findEnrollments(tx, without);
  const facts = await findFacts(tx, enrollments);
  await writeEnrollments(
    tx,
    enrollments.map((before, nth) => ({ before, outcome: remove(before, facts[nth]!, now) })),
    { now },
  );
}
