import type { Database, Transaction } from '../database/connection';
import type { Facts } from './enrollment.rules';

export type CompletionDoor = 'caliper' | 'events' | 'launch' | 'hub';

export interface NewCompletion {
  learner_id: number | null;
  /** Whom it is for while no such learner is there. */
  email: string | null;
  uid: string | null;
  short_uid: string | null;
  course_id: string;
  completed_at: Date;
  door: CompletionDoor;
  /** Of the event, launch or request it came with: the same again is stored once. */
  source_id: string;
}

export interface CompletionRow extends NewCompletion {
  id: number;
  application_id: string;
  received_at: Date;
}

/** A learner's course that something new is known of. */
export interface LearnerCourse {
  learner_id: number;
  course_id: string;
}

/** A completion that was new; without a learner it waits for one. */
export type StoredCompletion = Pick<NewCompletion, 'learner_id' | 'course_id' | 'door'>;

/** Stores what is new, and answers that. */
export async function insertCompletions(
  tx: Transaction,
  applicationId: string,
  completions: readonly NewCompletion[],
  now: Date,
): Promise<StoredCompletion[]> {
  const { rows } = await tx.raw<{ rows: StoredCompletion[] }>(
    `insert into completions (application_id, learner_id, email, uid, short_uid, course_id, completed_at, received_at, door,
       source_id)
     select :applicationId, learner_id, lower(email), lower(uid), lower(short_uid), course_id, completed_at, :now, door,
       source_id
     from json_to_recordset(:completions) as c (learner_id bigint, email text, uid text, short_uid text, course_id text,
       completed_at timestamptz, door text, source_id text)
     order by door, source_id
     on conflict on constraint completions_source_key do nothing
     returning learner_id, course_id, door`,
    { applicationId, now, completions: JSON.stringify(completions) },
  );
  return rows;
}

/** By its source, in the order of the ids; each is there. */
export async function getBySource(
  tx: Transaction,
  { applicationId, door }: { applicationId: string; door: CompletionDoor },
  sourceIds: readonly string[],
): Promise<CompletionRow[]> {
  const rows = await tx<CompletionRow>('completions')
    .where({ application_id: applicationId, door })
    .whereRaw('source_id = any (?)', [sourceIds as string[]]);
  const bySource = new Map(rows.map((row) => [row.source_id, row]));
  return sourceIds.map((id) => bySource.get(id)!);
}

/** A page of a learner's completions, by id. */
export const listCompletions = (
  db: Database,
  { learnerId, courseId }: { learnerId: number; courseId: string | undefined },
  { after, limit }: { after: number; limit: number },
): Promise<CompletionRow[]> =>
  db<CompletionRow>('completions')
    .where({ learner_id: learnerId, ...(courseId !== undefined && { course_id: courseId }) })
    .andWhere('id', '>', after)
    .orderBy('id')
    .limit(limit);

/** Gives learners what has waited for them: for their email first, then for their uid, then for it as the short one. */
export async function linkCompletions(tx: Transaction, learnerIds: readonly number[]): Promise<LearnerCourse[]> {
  const linked: LearnerCourse[] = [];
  for (const [waiting, own] of [
    ['email', 'email'],
    ['uid', 'uid'],
    ['short_uid', 'uid'],
  ] as const) {
    const { rows } = await tx.raw<{ rows: LearnerCourse[] }>(
      `update completions c set learner_id = l.id from learners l
       where l.id = any (:learnerIds::bigint[]) and c.application_id = l.application_id and c.learner_id is null
         and c.${waiting} = lower(l.${own})
       returning c.learner_id, c.course_id`,
      { learnerIds },
    );
    linked.push(...rows);
  }
  return linked;
}

/** What facts are asked for: an enrollment, or one that is about to be made. */
export interface FactsWanted {
  learner_id: number;
  counts_from: Date | null;
  items: readonly { item_id: number; course_id: string | null }[];
}

/** The facts of each, in their order. The learners are locked. */
export async function findFacts(tx: Transaction, wanted: readonly FactsWanted[]): Promise<Facts[]> {
  const items = new Map(wanted.flatMap((each) => each.items).map((item) => [item.item_id, item.course_id]));
  const waived = await findWaived(tx, [...items.keys()]);
  const courses = [...new Set([...items.values()].filter((id) => id !== null))];
  const completions = wanted.map(() => new Map<string, Date>());
  if (courses.length > 0) {
    const { rows } = await tx.raw<{ rows: { nth: number; course_id: string; completed_at: Date }[] }>(
      // The first that counts of each, out of the index: somebody may have completed a course a thousand times.
      `select w.nth, wanted.course_id, c.completed_at
       from json_to_recordset(:wanted) as w (nth integer, learner_id bigint, counts_from timestamptz)
       cross join unnest(:courses::text[]) as wanted (course_id)
       cross join lateral (
         select completed_at from completions c
         where c.learner_id = w.learner_id and c.course_id = wanted.course_id
           and c.completed_at >= coalesce(w.counts_from, '-infinity')
         order by completed_at limit 1) c`,
      {
        courses,
        wanted: JSON.stringify(wanted.map(({ learner_id, counts_from }, nth) => ({ nth, learner_id, counts_from }))),
      },
    );
    for (const { nth, course_id, completed_at } of rows) completions[nth]!.set(course_id, completed_at);
  }
  return completions.map((each) => ({ completions: each, waived }));
}

async function findWaived(tx: Transaction, itemIds: readonly number[]): Promise<Map<number, Date>> {
  const { rows } = await tx.raw<{ rows: { id: number; waived_at: Date }[] }>(
    'select id, waived_at from program_items where id = any (:itemIds::bigint[]) and waived_at is not null',
    { itemIds },
  );
  return new Map(rows.map(({ id, waived_at }) => [id, waived_at]));
}
