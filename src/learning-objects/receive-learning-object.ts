import { hasCourse } from '../courses/has-course';
import type { Transaction } from '../database/connection';
import { conflict, notFound } from '../errors';
import type { Resources } from '../resources';
import { findObject } from './learning-objects.store';
import type { ReceivedObject, ReceivedScores } from './received-learning-objects.rules';
import {
  insertReceived,
  insertScores,
  lockReceived,
  type ReceivedKey,
  type ReceivedTarget,
  touchReceived,
  updateReceived,
} from './received-learning-objects.store';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Keeps what a LOEP server says of an object, in place of what it said before, and every change of its scores. The same
 * data twice are the same as once.
 */
export const receiveLearningObject = (
  { db }: Pick<Resources, 'db'>,
  key: ReceivedKey,
  received: ReceivedObject,
): Promise<void> =>
  db.transaction(async (tx) => {
    const target = await getTarget(tx, key);
    const id = await insertReceived(tx, key, target, received);
    if (id === undefined) await replace(tx, key, target, received);
    else await noteScores(tx, id, {}, received.scores);
  });

/** A course of that id, else the oldest learning object that has it as its id_repository. */
async function getTarget(tx: Transaction, { application_id, target_id }: ReceivedKey): Promise<ReceivedTarget> {
  if (await hasCourse(tx, application_id, target_id)) return { course_id: target_id, learning_object_id: null };
  const object = await findObject(tx, application_id, { id_repository: target_id });
  if (object) return { course_id: object.course_id, learning_object_id: object.id };
  throw notFound(`There is no course or learning object "${target_id}" in this application.`);
}

async function replace(
  tx: Transaction,
  key: ReceivedKey,
  target: ReceivedTarget,
  received: ReceivedObject,
): Promise<void> {
  const before = await lockReceived(tx, key);
  if (!before) throw conflict('The data were deleted while they were being received; send them again.');
  if (before.id_loep === received.idLoep && same(before.lo, received.lo)) {
    await touchReceived(tx, before.id, target);
    return;
  }
  await updateReceived(tx, before.id, target, received);
  await noteScores(tx, before.id, before.scores, received.scores);
}

async function noteScores(tx: Transaction, id: number, before: ReceivedScores, scores: ReceivedScores): Promise<void> {
  if (!same(before, scores)) await insertScores(tx, id, scores);
}
