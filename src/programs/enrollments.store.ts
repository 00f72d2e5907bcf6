import type { Database, Transaction } from '../database/connection';
import type { Enrollment, EnrollmentChange, EnrollmentItem } from './enrollment.rules';

export type EnrollmentRow = Omit<Enrollment, 'items'>;
type ItemRow = EnrollmentItem & { enrollment_id: number };

/** What is written of an enrollment when it is made; of these, `mutable` change later. */
const mutable = `state text, end_at timestamptz, expires_at timestamptz, completed_at timestamptz, overdue_at timestamptz,
  expired_at timestamptz, superseded_at timestamptz, deleted_at timestamptz, reminders_left smallint[],
  current_item_index smallint, total_items smallint, pending_approvals smallint, progress smallint,
  course_due_at timestamptz, renew_at timestamptz, next_wake_at timestamptz, next_wake_for text`;
const fixed = `id bigint, application_id uuid, program_id bigint, learner_id bigint, previous_id bigint, settings jsonb,
  counts_from timestamptz, created_at timestamptz`;
const namesOf = (columns: string): string[] => columns.split(',').map((column) => column.trim().split(' ')[0]!);
const rowColumns = [...namesOf(fixed), ...namesOf(mutable)];

const itemValues = `position smallint, item_id bigint, course_id text, title text,
  requires_approval boolean, due_at timestamptz, state text, completed_at timestamptz, overdue_told boolean`;
const items = `enrollment_id bigint, ${itemValues}`;

const live = 'e.deleted_at is null and e.superseded_at is null';

/** Which enrollments: those that a condition in SQL lets through, on `enrollments e`. */
interface Selection {
  where: string;
  bindings: Readonly<Record<string, string | number | readonly number[] | readonly string[]>>;
}

async function load(tx: Database | Transaction, { where, bindings }: Selection): Promise<Enrollment[]> {
  const { rows } = await tx.raw<{ rows: EnrollmentRow[] }>(
    `select ${rowColumns.join(', ')} from enrollments e where ${where} order by id`,
    bindings,
  );
  if (rows.length === 0) return [];
  const { rows: itemRows } = await tx.raw<{ rows: ItemRow[] }>(
    `select ${namesOf(items).join(', ')} from enrollment_items
     where enrollment_id = any (:ids::bigint[]) order by enrollment_id, position`,
    { ids: rows.map(({ id }) => id) },
  );
  const itemsOf = new Map<number, EnrollmentItem[]>(rows.map(({ id }) => [id, []]));
  for (const { enrollment_id, ...item } of itemRows) itemsOf.get(enrollment_id)!.push(item);
  return rows.map((row) => ({ ...row, items: itemsOf.get(row.id)! }));
}

/** Enrollments by id, in the order of ids. To change them, lock their learners before. */
export const findEnrollments = (db: Database | Transaction, ids: readonly number[]): Promise<Enrollment[]> =>
  load(db, { where: 'id = any (:ids::bigint[])', bindings: { ids } });

/** One of a program's enrollments, whatever became of it. */
export async function findEnrollment(
  db: Database | Transaction,
  { applicationId, programId, enrollmentId }: EnrollmentChoice,
): Promise<Enrollment | undefined> {
  const [enrollment] = await findEnrollments(db, [enrollmentId]);
  const isMeant =
    enrollment?.application_id === applicationId && (programId === undefined || enrollment.program_id === programId);
  return isMeant ? enrollment : undefined;
}

export interface EnrollmentChoice {
  applicationId: string;
  /** Where it has to be of a program. */
  programId?: number;
  enrollmentId: number;
}

/** A page of a learner's enrollments, by id; with those that were removed or superseded, if asked for. */
export const listEnrollmentsOfLearner = (
  db: Database,
  { learnerId, withDeleted }: { learnerId: number; withDeleted: boolean },
  { after, limit }: { after: number; limit: number },
): Promise<EnrollmentRow[]> =>
  db('enrollments')
    .where({ learner_id: learnerId, ...(!withDeleted && { presence: 'live' }) })
    .andWhere('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .select<EnrollmentRow[]>(rowColumns);

/** The live enrollments of learners in a program. */
export const findLiveInProgram = (
  tx: Transaction,
  programId: number,
  learnerIds: readonly number[],
): Promise<Enrollment[]> =>
  load(tx, {
    where: `program_id = :programId and learner_id = any (:learnerIds::bigint[]) and ${live}`,
    bindings: { programId, learnerIds },
  });

/** A learner's live enrollments. */
export const findLiveOf = (tx: Transaction, learnerId: number): Promise<Enrollment[]> =>
  load(tx, { where: `learner_id = :learnerId and ${live}`, bindings: { learnerId } });

/** The live enrollments of learners in which one of the courses is still to be done. */
export const findAwaiting = (
  tx: Transaction,
  learnerIds: readonly number[],
  courseIds: readonly string[],
): Promise<Enrollment[]> =>
  load(tx, {
    where: `learner_id = any (:learnerIds::bigint[]) and ${live} and state = 'active' and exists (
      select from enrollment_items i
      where i.enrollment_id = e.id and i.state = 'pending' and i.course_id = any (:courseIds::text[]))`,
    bindings: { learnerIds, courseIds },
  });

export interface LastEnrollment {
  id: number;
  learner_id: number;
  counts_from: Date | null;
}

/** The last enrollment that each learner had in a program, also where it was removed. */
export async function findLastInProgram(
  tx: Transaction,
  programId: number,
  learnerIds: readonly number[],
): Promise<Map<number, LastEnrollment>> {
  const { rows } = await tx.raw<{ rows: LastEnrollment[] }>(
    `select distinct on (learner_id) id, learner_id, counts_from from enrollments
     where learner_id = any (:learnerIds::bigint[]) and program_id = :programId order by learner_id, id desc`,
    { programId, learnerIds },
  );
  return new Map(rows.map((row) => [row.learner_id, row]));
}

/** Whose enrollments these are: to lock the learners before the enrollments are read. */
export async function findLearnersOf(tx: Transaction, enrollmentIds: readonly number[]): Promise<number[]> {
  const { rows } = await tx.raw<{ rows: { learner_id: number }[] }>(
    'select distinct learner_id from enrollments where id = any (:enrollmentIds::bigint[])',
    { enrollmentIds },
  );
  return rows.map(({ learner_id }) => learner_id);
}

/** Ids for enrollments that are to be made. */
export async function reserveIds(tx: Transaction, count: number): Promise<number[]> {
  if (count === 0) return [];
  const { rows } = await tx.raw<{ rows: { id: number }[] }>(
    `select nextval(pg_get_serial_sequence('enrollments', 'id')) as id from generate_series(1, :count::integer)`,
    { count },
  );
  return rows.map(({ id }) => id);
}

const asJson = (enrollments: readonly Enrollment[]): string =>
  JSON.stringify(enrollments.map((enrollment) => ({ ...enrollment, items: undefined })));

/** Writes new enrollments with their items, and with the sources of those whose place they take. */
export async function insertEnrollments(tx: Transaction, enrollments: readonly Enrollment[], now: Date): Promise<void> {
  await tx.raw(
    `insert into enrollments (${rowColumns.join(', ')}, updated_at, sort_name, search_text)
     select ${rowColumns.map((column) => `n.${column}`).join(', ')}, :now, l.sort_name, l.search_text
     from json_to_recordset(:rows) as n (${fixed}, ${mutable}) join learners l on l.id = n.learner_id order by n.id`,
    { now, rows: asJson(enrollments) },
  );
  await tx.raw(
    `insert into enrollment_items (${namesOf(items).join(', ')})
     select e.id, ${namesOf(itemValues)
       .map((column) => `i.${column}`)
       .join(', ')}
     from json_to_recordset(:lists) as l (ids bigint[], items json)
     cross join lateral unnest(l.ids) as e (id) cross join lateral json_to_recordset(l.items) as i (${itemValues})`,
    { lists: itemLists(enrollments) },
  );
  const followers = followersOf(enrollments);
  if (followers.length === 0) return;
  await tx.raw(
    `insert into enrollment_sources (enrollment_id, group_id, created_at)
     select f.id, s.group_id, :now from json_to_recordset(:followers) as f (id bigint, origin bigint)
     join enrollment_sources s on s.enrollment_id = f.origin`,
    { now, followers: JSON.stringify(followers) },
  );
}

/** Of new enrollments, those that follow others, with the last that was there before: what they follow may be new too. */
function followersOf(enrollments: readonly Enrollment[]): { id: number; origin: number }[] {
  const previous = new Map(enrollments.map(({ id, previous_id }) => [id, previous_id]));
  return enrollments.flatMap(({ id, previous_id }) => {
    let origin = previous_id;
    while (origin !== null && previous.has(origin)) origin = previous.get(origin)!;
    return origin === null ? [] : [{ id, origin }];
  });
}

/** Many are enrolled at once with the same items: each list goes to the database once. */
function itemLists(enrollments: readonly Enrollment[]): string {
  const idsOf = new Map<Enrollment['items'], number[]>();
  for (const { id, items: all } of enrollments) {
    const ids = idsOf.get(all);
    if (ids) ids.push(id);
    else idsOf.set(all, [id]);
  }
  return JSON.stringify([...idsOf].map(([all, ids]) => ({ ids, items: all })));
}

const itemsAsJson = (rows: readonly { id: number; item: EnrollmentItem }[]): string =>
  JSON.stringify(rows.map(({ id, item }) => ({ enrollment_id: id, ...item })));

/** Writes what has changed of enrollments: the old and the new of each. */
export async function updateEnrollments(
  tx: Transaction,
  changed: readonly { before: Enrollment; after: Enrollment }[],
  now: Date,
): Promise<void> {
  await tx.raw(
    `update enrollments e set updated_at = :now, ${namesOf(mutable)
      .map((column) => `${column} = n.${column}`)
      .join(', ')}
     from json_to_recordset(:rows) as n (id bigint, ${mutable}) where e.id = n.id`,
    { now, rows: asJson(changed.map(({ after }) => after)) },
  );
  const itemRows = changed.flatMap(({ before, after }) =>
    after.items.filter((item, nth) => item !== before.items[nth]).map((item) => ({ id: after.id, item })),
  );
  if (itemRows.length === 0) return;
  await tx.raw(
    `update enrollment_items i set state = n.state, completed_at = n.completed_at, overdue_told = n.overdue_told
     from json_to_recordset(:items) as n (${items})
     where i.enrollment_id = n.enrollment_id and i.position = n.position`,
    { items: itemsAsJson(itemRows) },
  );
}

/** Adds a source (a group; null: individually) to enrollments; answers to which of them it is new. */
export async function addSource(
  tx: Transaction,
  enrollmentIds: readonly number[],
  groupId: number | null,
  now: Date,
): Promise<number[]> {
  const { rows } = await tx.raw<{ rows: { enrollment_id: number }[] }>(
    `insert into enrollment_sources (enrollment_id, group_id, created_at)
     select id, :groupId::bigint, :now from unnest(:enrollmentIds::bigint[]) as id
     on conflict (enrollment_id, (coalesce(group_id, 0))) do nothing returning enrollment_id`,
    { enrollmentIds, groupId, now },
  );
  return rows.map(({ enrollment_id }) => enrollment_id);
}

export interface SourceRow {
  /** Null: individually. */
  group_id: number | null;
  created_at: Date;
}

/** Why a learner is enrolled, the oldest first. */
export const listSources = (db: Database, enrollmentId: number): Promise<SourceRow[]> =>
  db('enrollment_sources')
    .where({ enrollment_id: enrollmentId })
    .orderByRaw('created_at, group_id nulls first')
    .select<SourceRow[]>('group_id', 'created_at');

/** Takes a group from live enrollments' sources; answers which had it, and whether others are left. */
export async function removeGroupSource(
  tx: Transaction,
  { groupId, programId, learnerIds }: { groupId: number; programId?: number; learnerIds: readonly number[] },
): Promise<{ enrollment_id: number; others: boolean }[]> {
  const { rows } = await tx.raw<{ rows: { enrollment_id: number; others: boolean }[] }>(
    `delete from enrollment_sources s using enrollments e
     where s.group_id = :groupId and e.id = s.enrollment_id and e.learner_id = any (:learnerIds::bigint[])
       and (:programId::bigint is null or e.program_id = :programId) and e.deleted_at is null and e.superseded_at is null
     returning s.enrollment_id, exists (select from enrollment_sources o
       where o.enrollment_id = s.enrollment_id and o.group_id is distinct from s.group_id) as others`,
    { groupId, programId: programId ?? null, learnerIds },
  );
  return rows;
}

/** Some of a program's live enrollments, in the order of an index: the others may be many. */
export const findLiveIds = (db: Database, programId: number, limit: number): Promise<number[]> =>
  db('enrollments')
    .where({ program_id: programId, presence: 'live' })
    .orderBy(['sort_name', 'id'])
    .limit(limit)
    .pluck<number[]>('id');

/** Leaves enrollments without any source. */
export async function removeSources(tx: Transaction, enrollmentIds: readonly number[]): Promise<void> {
  await tx('enrollment_sources').whereIn('enrollment_id', enrollmentIds).delete();
}

/** Live enrollments whose next wake is past, the longest first. */
export const findOverslept = (db: Database, before: Date, limit: number): Promise<number[]> =>
  db('enrollments').where('next_wake_at', '<', before).orderBy('next_wake_at').limit(limit).pluck<number[]>('id');

/** Enrollments in which an item waits whose course was waived. */
export async function findUnwaived(
  db: Database,
  { applicationId, courseId, limit }: { applicationId: string; courseId: string; limit: number },
): Promise<number[]> {
  const { rows } = await db.raw<{ rows: { id: number }[] }>(
    `select distinct i.enrollment_id as id from program_items p
     join programs on programs.id = p.program_id and programs.application_id = :applicationId
     join enrollment_items i on i.item_id = p.id and i.state = 'pending'
     join enrollments e on e.id = i.enrollment_id and ${live} and e.state = 'active'
     where p.course_id = :courseId and p.waived_at is not null limit :limit`,
    { applicationId, courseId, limit },
  );
  return rows.map(({ id }) => id);
}

/** A line of an enrollment's timeline. */
export interface HistoryEntry {
  id: number;
  at: Date;
  type: EnrollmentChange['type'] | 'source_added' | 'source_removed';
  detail: object;
  recorded_at: Date;
}

export type NewHistoryEntry = Pick<HistoryEntry, 'at' | 'type' | 'detail'> & { enrollment_id: number };

export async function insertHistory(tx: Transaction, entries: readonly NewHistoryEntry[], now: Date): Promise<void> {
  if (entries.length === 0) return;
  await tx.raw(
    `insert into enrollment_history (enrollment_id, at, type, detail, recorded_at)
     select enrollment_id, at, type, detail, :now
     from json_to_recordset(:rows) as h (nth integer, enrollment_id bigint, at timestamptz, type text, detail jsonb)
     order by nth`,
    { now, rows: JSON.stringify(entries.map((entry, nth) => ({ nth, ...entry }))) },
  );
}

/** A page of an enrollment's timeline, the oldest first. */
export const listHistory = (
  db: Database | Transaction,
  enrollmentId: number,
  { after, limit }: { after: number; limit: number },
): Promise<HistoryEntry[]> =>
  db('enrollment_history')
    .where({ enrollment_id: enrollmentId })
    .andWhere('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .select<HistoryEntry[]>('id', 'at', 'type', 'detail', 'recorded_at');
