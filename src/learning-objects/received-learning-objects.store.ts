import type { Database, Transaction } from '../database/connection';
import type { ReceivedObject, ReceivedScores } from './received-learning-objects.rules';

export interface ReceivedRow {
  id: number;
  application_id: string;
  /** The id under which it came: a course's, or an id_repository. */
  target_id: string;
  /** The key that the server called with. */
  key_id: string;
  course_id: string | null;
  learning_object_id: number | null;
  id_loep: number | null;
  lo: object;
  scores: ReceivedScores;
  received_at: Date;
  changed_at: Date;
}

/** A row without its data, which can be large: for lists. */
export type ReceivedSummary = Omit<ReceivedRow, 'lo'>;

const summaryColumns = [
  'id',
  'application_id',
  'target_id',
  'key_id',
  'course_id',
  'learning_object_id',
  'id_loep',
  'scores',
  'received_at',
  'changed_at',
] as const;

/** What the id of a notification means to the application: a course, or a learning object and what it is tied to. */
export type ReceivedTarget = Pick<ReceivedRow, 'course_id' | 'learning_object_id'>;

/** Whose data, of what. */
export type ReceivedKey = Pick<ReceivedRow, 'application_id' | 'target_id' | 'key_id'>;

const columnsOf = ({ idLoep, lo, scores }: ReceivedObject) => ({
  id_loep: idLoep,
  lo: JSON.stringify(lo),
  scores: JSON.stringify(scores),
});

/** Inserts the first data of a key about an id; undefined when there are some. */
export async function insertReceived(
  tx: Transaction,
  key: ReceivedKey,
  target: ReceivedTarget,
  received: ReceivedObject,
): Promise<number | undefined> {
  const [row] = await tx('received_learning_objects')
    .insert({ ...key, ...target, ...columnsOf(received) })
    .onConflict(['application_id', 'target_id', 'key_id'])
    .ignore()
    .returning<{ id: number }[]>('id');
  return row?.id;
}

export const lockReceived = (tx: Transaction, key: ReceivedKey): Promise<ReceivedRow | undefined> =>
  tx<ReceivedRow>('received_learning_objects').where(key).forUpdate().first();

export async function updateReceived(
  tx: Transaction,
  id: number,
  target: ReceivedTarget,
  received: ReceivedObject,
): Promise<void> {
  await tx('received_learning_objects')
    .where({ id })
    .update({ ...target, ...columnsOf(received), received_at: tx.fn.now(), changed_at: tx.fn.now() });
}

/** Notes that the same data came again; what they are tied to may have changed meanwhile. */
export async function touchReceived(tx: Transaction, id: number, target: ReceivedTarget): Promise<void> {
  await tx('received_learning_objects')
    .where({ id })
    .update({ ...target, received_at: tx.fn.now() });
}

export async function insertScores(tx: Transaction, id: number, scores: ReceivedScores): Promise<void> {
  await tx('received_scores').insert({ received_learning_object_id: id, scores: JSON.stringify(scores) });
}

/** What an application received, by id, a page at a time. */
export const listReceived = (
  db: Database,
  applicationId: string,
  filter: { course_id?: string },
  after: number,
  limit: number,
): Promise<ReceivedSummary[]> =>
  db('received_learning_objects')
    .where({ application_id: applicationId, ...filter })
    .andWhere('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .select<ReceivedSummary[]>(...summaryColumns);

export const findReceived = (db: Database, applicationId: string, id: number): Promise<ReceivedRow | undefined> =>
  db<ReceivedRow>('received_learning_objects').where({ application_id: applicationId, id }).first();

export interface ReceivedScoresRow {
  id: number;
  received_learning_object_id: number;
  scores: ReceivedScores;
  received_at: Date;
}

/** The scores that were received in turn, the oldest first, a page at a time. */
export const listReceivedScores = (
  db: Database,
  receivedId: number,
  after: number,
  limit: number,
): Promise<ReceivedScoresRow[]> =>
  db<ReceivedScoresRow>('received_scores')
    .where({ received_learning_object_id: receivedId })
    .andWhere('id', '>', after)
    .orderBy('id')
    .limit(limit);
