import type { Database, Transaction } from '../database/connection';
import type { LearnerRef } from './learner.rules';

export interface LearnerRow {
  id: number;
  application_id: string;
  uid: string;
  email: string | null;
  first_name: string;
  last_name: string;
  avatar_url: string | null;
  sort_name: string;
  search_text: string;
  created_at: Date;
  updated_at: Date;
}

/** What of a learner is written; without an id it is a new one. */
export type LearnerToWrite = Omit<LearnerRow, 'id' | 'application_id' | 'created_at' | 'updated_at'> & {
  id: number | null;
};

/** Advisory locks of this class: whoever makes learners or their identities, per application. */
const identityLock = 7245002;

/**
 * From here to the commit nobody else makes learners in the application or changes their identities (`exclusive`), or
 * concludes that a learner is not there (`shared`). Taken before the locks of learners.
 */
export async function lockIdentities(
  tx: Transaction,
  applicationId: string,
  mode: 'exclusive' | 'shared',
): Promise<void> {
  const lock = mode === 'exclusive' ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared';
  await tx.raw(`select ${lock}(:identityLock, hashtext(:applicationId))`, { identityLock, applicationId });
}

/**
 * From here to the commit nothing else happens to the learners: no enrollment, completion, or change of a step. Ids
 * ascending, so that no two wait for each other. Answers the ids of those who are there: others were deleted meanwhile.
 */
export async function lockLearners(tx: Transaction, ids: readonly number[]): Promise<number[]> {
  const { rows } = await tx.raw<{ rows: { id: number }[] }>(
    `select id from learners where id in (select distinct unnest(:ids::bigint[])) order by id for no key update`,
    { ids },
  );
  return rows.map(({ id }) => id);
}

/** The ids of those who are meant, in their order; undefined where nobody is. */
export async function resolveLearners(
  db: Database | Transaction,
  applicationId: string,
  refs: readonly LearnerRef[],
): Promise<(number | undefined)[]> {
  const { rows } = await db.raw<{ rows: { nth: number; id: number | null }[] }>(
    // Looked up one by one: the planner, who takes any JSON for a hundred rows, might join with all learners.
    `select w.nth, case when w.id is not null
       then (select id from learners where id = w.id and application_id = :applicationId)
       else coalesce(
         (select id from learners where application_id = :applicationId and lower(email) = lower(w.email)),
         (select id from learners where application_id = :applicationId and lower(uid) = lower(w.uid)),
         (select id from learners where application_id = :applicationId and lower(uid) = lower(w.short_uid))) end as id
     from json_to_recordset(:refs) as w (nth integer, id bigint, email text, uid text, short_uid text)
     order by w.nth`,
    {
      applicationId,
      refs: JSON.stringify(
        refs.map(({ id, email, uid, shortUid }, nth) => ({ nth, id, email, uid, short_uid: shortUid })),
      ),
    },
  );
  return rows.map(({ id }) => id ?? undefined);
}

export const findLearner = (
  db: Database | Transaction,
  applicationId: string,
  id: number,
): Promise<LearnerRow | undefined> => db<LearnerRow>('learners').where({ id, application_id: applicationId }).first();

export interface LearnerFilter {
  applicationId: string;
  uid?: string | undefined;
  email?: string | undefined;
}

/** A page of an application's learners, by id; with a uid or email the one who has it, in either case. */
export const listLearners = (
  db: Database,
  { applicationId, uid, email }: LearnerFilter,
  { after, limit }: { after: number; limit: number },
): Promise<LearnerRow[]> =>
  db<LearnerRow>('learners')
    .where({ application_id: applicationId })
    .andWhere('id', '>', after)
    .modify((query) => {
      if (uid !== undefined) void query.whereRaw('lower(uid) = lower(?)', [uid]);
      if (email !== undefined) void query.whereRaw('lower(email) = lower(?)', [email]);
    })
    .orderBy('id')
    .limit(limit);

/** A page of a group's members, by id. */
export const listMembers = (
  db: Database,
  groupId: number,
  { after, limit }: { after: number; limit: number },
): Promise<LearnerRow[]> =>
  db('learner_group_members as m')
    .join('learners as l', 'l.id', 'm.learner_id')
    .where('m.group_id', groupId)
    .andWhere('m.learner_id', '>', after)
    .orderBy('m.learner_id')
    .limit(limit)
    .select<LearnerRow[]>('l.*');

/** Those that are there already, by uid, locked. */
export async function lockByUids(
  tx: Transaction,
  applicationId: string,
  uids: readonly string[],
): Promise<LearnerRow[]> {
  const { rows } = await tx.raw<{ rows: LearnerRow[] }>(
    `select * from learners
     where application_id = :applicationId and lower(uid) in (select lower(u) from unnest(:uids::text[]) as u)
     order by id for no key update`,
    { applicationId, uids },
  );
  return rows;
}

/** Which of the emails belong to a learner who is not among those written. */
export async function findTakenEmails(
  tx: Transaction,
  applicationId: string,
  learners: readonly Pick<LearnerToWrite, 'id' | 'email'>[],
): Promise<Set<string>> {
  const { rows } = await tx.raw<{ rows: { email: string }[] }>(
    `select w.email from unnest(:emails::text[]) as w (email)
     join learners l on l.application_id = :applicationId and lower(l.email) = lower(w.email)
     where l.id <> all (:ids::bigint[])`,
    {
      applicationId,
      emails: learners.map(({ email }) => email).filter((email) => email !== null),
      ids: learners.map(({ id }) => id).filter((id) => id !== null),
    },
  );
  return new Set(rows.map(({ email }) => email));
}

const written = `(nth integer, id bigint, uid text, email text, first_name text, last_name text, avatar_url text,
  sort_name text, search_text text)`;

export type WrittenLearner = LearnerRow & { is_new: boolean };

/** Writes learners, and what their enrollments carry of them. Answers their rows in their order. */
export async function writeLearners(
  tx: Transaction,
  applicationId: string,
  learners: readonly LearnerToWrite[],
  now: Date,
): Promise<WrittenLearner[]> {
  const bindings = { applicationId, now, learners: JSON.stringify(learners.map((each, nth) => ({ nth, ...each }))) };
  // An email may go from one of them to another.
  await tx.raw(
    `update learners l set email = null from json_to_recordset(:learners) as w ${written}
     where l.id = w.id and lower(l.email) is distinct from lower(w.email)`,
    bindings,
  );
  await tx.raw(
    `update learners l set uid = w.uid, email = w.email, first_name = w.first_name, last_name = w.last_name,
       avatar_url = w.avatar_url, sort_name = w.sort_name, search_text = w.search_text, updated_at = :now
     from json_to_recordset(:learners) as w ${written} where l.id = w.id
       and (l.uid, l.email, l.first_name, l.last_name, l.avatar_url) is distinct from
         (w.uid, w.email, w.first_name, w.last_name, w.avatar_url)`,
    bindings,
  );
  await tx.raw(
    `insert into learners (application_id, uid, email, first_name, last_name, avatar_url, sort_name, search_text,
       created_at, updated_at)
     select :applicationId, uid, email, first_name, last_name, avatar_url, sort_name, search_text, :now, :now
     from json_to_recordset(:learners) as w ${written} where id is null order by nth`,
    bindings,
  );
  await tx.raw(
    `update enrollments e set sort_name = w.sort_name, search_text = w.search_text
     from json_to_recordset(:learners) as w ${written}
     where e.learner_id = w.id and (e.sort_name, e.search_text) <> (w.sort_name, w.search_text)`,
    bindings,
  );
  const { rows } = await tx.raw<{ rows: WrittenLearner[] }>(
    `select l.*, w.id is null as is_new from json_to_recordset(:learners) as w ${written}
     cross join lateral (
       select * from learners where application_id = :applicationId and lower(uid) = lower(w.uid) limit 1
     ) l order by w.nth`,
    bindings,
  );
  return rows;
}

/** Removes a learner with all that is theirs: enrollments and their timelines, completions, memberships. */
export async function deleteLearnerRow(tx: Transaction, id: number): Promise<void> {
  await tx('learners').where({ id }).delete();
}

/** The uids of learners, by id. */
export async function findUids(tx: Transaction, ids: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await tx.raw<{ rows: { id: number; uid: string }[] }>(
    'select id, uid from learners where id in (select distinct unnest(:ids::bigint[]))',
    { ids },
  );
  return new Map(rows.map(({ id, uid }) => [id, uid]));
}
