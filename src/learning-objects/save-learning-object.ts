import { hubEventsChannel } from '../events/emit-hub-events';
import type { Transaction } from '../database/connection';
import { violatesUnique } from '../database/postgres-errors';
import { conflict, invalid } from '../errors';
import type { Resources } from '../resources';
import { announce } from './change-learning-object';
import { changedFields, type LearningObjectFields, requireNew } from './learning-objects.rules';
import {
  applicationName,
  insertObject,
  type LearningObjectRow,
  lockObject,
  type ObjectName,
  repositoryKey,
  updateObject,
} from './learning-objects.store';
import { objectMissing } from './missing-learning-object';
import { scoresNow, tellOfScores } from './tell-of-scores';

type Needs = Pick<Resources, 'db' | 'wake'>;
type Fields = Partial<LearningObjectFields>;

/** An object as it is after the request, and whom to wake. */
interface Saved {
  row: LearningObjectRow;
  channels: string[];
}

/**
 * Creates an object, or changes the one that has its repository and id there. Of two requests at once for one new object
 * the second changes what the first made.
 */
export const saveLearningObject = (needs: Needs, applicationId: string, fields: Fields): Promise<LearningObjectRow> =>
  inTransaction(needs, async (tx) => {
    const repository = fields.repository ?? (await applicationName(tx, applicationId));
    const wanted = { ...fields, repository };
    return (
      (await updateNamed(tx, applicationId, wanted)) ??
      (await create(tx, applicationId, wanted)) ??
      // Another request has just made it.
      (await updateNamed(tx, applicationId, wanted)) ??
      deletedMeanwhile()
    );
  });

/** Changes an object that is there. */
export const updateLearningObject = (
  needs: Needs,
  applicationId: string,
  name: ObjectName,
  fields: Fields,
): Promise<LearningObjectRow> =>
  inTransaction(needs, async (tx) => {
    const row = await lockObject(tx, applicationId, name);
    if (!row) throw objectMissing(name);
    return update(tx, row, fields);
  });

async function inTransaction({ db, wake }: Needs, save: (tx: Transaction) => Promise<Saved>) {
  const { row, channels } = await db.transaction(save);
  channels.forEach(wake);
  return row;
}

async function updateNamed(
  tx: Transaction,
  applicationId: string,
  fields: Fields & { repository: string },
): Promise<Saved | undefined> {
  const { repository, id_repository } = fields;
  if (id_repository === undefined || id_repository === null) return undefined;
  const row = await lockObject(tx, applicationId, { repository, id_repository });
  return row && update(tx, row, fields);
}

async function create(
  tx: Transaction,
  applicationId: string,
  fields: Fields & { repository: string },
): Promise<Saved | undefined> {
  requireNew(fields);
  const row = await insertObject(tx, applicationId, fields);
  if (!row) return undefined;
  await tellOfScores(tx, row, undefined);
  return { row, channels: [...(await announce(tx, row)), hubEventsChannel] };
}

/** Nobody is told when nothing changed. */
async function update(tx: Transaction, row: LearningObjectRow, fields: Fields): Promise<Saved> {
  const changes = changedFields(row, fields);
  if (Object.keys(changes).length === 0) return { row, channels: [] };
  try {
    const before = await scoresNow(tx, row);
    const changed = await updateObject(tx, row, changes);
    await tellOfScores(tx, changed, before);
    return { row: changed, channels: [...(await announce(tx, changed)), hubEventsChannel] };
  } catch (error) {
    if (!violatesUnique(error, repositoryKey)) throw error;
    const message = 'is that of another learning object in this repository';
    throw invalid('Nothing was changed.', { details: [{ path: 'lo.id_repository', message }], cause: error });
  }
}

function deletedMeanwhile(): never {
  throw conflict('The learning object was deleted while it was being changed; send it again.');
}
