import type { Database, Transaction } from '../database/connection';

export interface GroupRow {
  id: number;
  application_id: string;
  name: string;
  created_at: Date;
  updated_at: Date;
}

export const findGroup = (
  db: Database | Transaction,
  applicationId: string,
  id: number,
): Promise<GroupRow | undefined> => db<GroupRow>('learner_groups').where({ id, application_id: applicationId }).first();

/** To change its members or programs: before the locks of learners. */
export const lockGroup = (tx: Transaction, applicationId: string, id: number): Promise<GroupRow | undefined> =>
  tx<GroupRow>('learner_groups').where({ id, application_id: applicationId }).forNoKeyUpdate().first();

/** A page of an application's groups, by id. */
export const listGroups = (
  db: Database,
  applicationId: string,
  { after, limit }: { after: number; limit: number },
): Promise<GroupRow[]> =>
  db<GroupRow>('learner_groups')
    .where({ application_id: applicationId })
    .andWhere('id', '>', after)
    .orderBy('id')
    .limit(limit);

export async function insertGroup(tx: Transaction, applicationId: string, name: string, now: Date): Promise<GroupRow> {
  const [row] = await tx('learner_groups')
    .insert({ application_id: applicationId, name, created_at: now, updated_at: now })
    .returning<GroupRow[]>('*');
  return row!;
}

export async function renameGroup(tx: Transaction, id: number, name: string, now: Date): Promise<GroupRow> {
  const [row] = await tx('learner_groups').where({ id }).update({ name, updated_at: now }).returning<GroupRow[]>('*');
  return row!;
}

/** Removes a group with its members and programs, and as a source of what has ended. */
export async function deleteGroupRow(tx: Transaction, id: number): Promise<void> {
  await tx('enrollment_sources').where({ group_id: id }).delete();
  await tx('learner_groups').where({ id }).delete();
}

/** A page of a group's members, by the learners' ids. */
export const listMemberIds = (
  db: Database | Transaction,
  groupId: number,
  { after, limit }: { after: number; limit: number },
): Promise<number[]> =>
  db('learner_group_members')
    .where({ group_id: groupId })
    .andWhere('learner_id', '>', after)
    .orderBy('learner_id')
    .limit(limit)
    .pluck<number[]>('learner_id');

export async function countMembers(tx: Transaction, groupId: number): Promise<number> {
  const row = await tx('learner_group_members')
    .where({ group_id: groupId })
    .count('* as count')
    .first<{ count: number }>();
  return row.count;
}

/** Answers how many are new. */
export async function insertMembers(
  tx: Transaction,
  groupId: number,
  learnerIds: readonly number[],
  now: Date,
): Promise<number> {
  const { rows } = await tx.raw<{ rows: unknown[] }>(
    `insert into learner_group_members (group_id, learner_id, created_at)
     select :groupId, id, :now from unnest(:learnerIds::bigint[]) as id on conflict do nothing returning learner_id`,
    { groupId, learnerIds, now },
  );
  return rows.length;
}

/** Answers how many were members. */
export const deleteMembers = (tx: Transaction, groupId: number, learnerIds: readonly number[]): Promise<number> =>
  tx('learner_group_members')
    .where({ group_id: groupId })
    .whereRaw('learner_id = any (?::bigint[])', [learnerIds as number[]])
    .delete();

/** The programs whose source a group is. */
export const listProgramIds = (db: Database | Transaction, groupId: number): Promise<number[]> =>
  db('program_groups').where({ group_id: groupId }).orderBy('program_id').pluck<number[]>('program_id');

/** A page of the groups that are sources of a program, by id. */
export const listGroupsOfProgram = (
  db: Database,
  programId: number,
  page: { after: number; limit: number },
): Promise<GroupRow[]> => listLinked(db, 'program_groups', { program_id: programId }, page);

/** A page of the groups that a learner is a member of, by id. */
export const listGroupsOfLearner = (
  db: Database,
  learnerId: number,
  page: { after: number; limit: number },
): Promise<GroupRow[]> => listLinked(db, 'learner_group_members', { learner_id: learnerId }, page);

const listLinked = (
  db: Database,
  links: 'program_groups' | 'learner_group_members',
  to: Readonly<Record<string, number>>,
  { after, limit }: { after: number; limit: number },
): Promise<GroupRow[]> =>
  db('learner_groups')
    .whereIn('id', db(links).where(to).select('group_id'))
    .andWhere('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .select<GroupRow[]>('*');

/** Makes a group a source of a program; answers whether it is new. */
export async function insertProgramGroup(
  tx: Transaction,
  link: { program_id: number; group_id: number },
  now: Date,
): Promise<boolean> {
  const rows = await tx('program_groups')
    .insert({ ...link, created_at: now })
    .onConflict(['program_id', 'group_id'])
    .ignore()
    .returning<unknown[]>('group_id');
  return rows.length > 0;
}

/** Answers whether it was a source. */
export const deleteProgramGroup = async (
  tx: Transaction,
  link: { program_id: number; group_id: number },
): Promise<boolean> => (await tx('program_groups').where(link).delete()) > 0;
