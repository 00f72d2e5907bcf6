import type { Resources } from '../resources';
import { deleteGroupRow, type GroupRow, insertGroup, listProgramIds, renameGroup } from './groups.store';
import { changeGroup, type GroupChoice, lockMembers, withdraw } from './group-members';
import type { EnrollmentNeeds } from './write-enrollments';

export const createGroup = (
  applicationId: string,
  name: string,
  { db }: Pick<Resources, 'db'>,
  now: Date = new Date(),
): Promise<GroupRow> => db.transaction((tx) => insertGroup(tx, applicationId, name, now));

export const changeGroupName = (
  choice: GroupChoice,
  name: string,
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<GroupRow> => changeGroup(choice, needs, (tx) => renameGroup(tx, choice.groupId, name, now));

/** Removes a group. Its members leave the programs that they have no other source of. */
export const deleteGroup = (choice: GroupChoice, needs: EnrollmentNeeds, now: Date = new Date()): Promise<void> =>
  changeGroup(choice, needs, async (tx) => {
    const learnerIds = await lockMembers(tx, choice.groupId);
    if ((await listProgramIds(tx, choice.groupId)).length > 0)
      await withdraw(tx, { groupId: choice.groupId, learnerIds }, now);
    await deleteGroupRow(tx, choice.groupId);
  });
