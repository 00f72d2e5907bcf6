import type { Database } from '../database/connection';
import { findLearner, type LearnerRow } from './learners.store';
import { learnerMissing } from './missing-record';

export async function getLearner(db: Database, applicationId: string, id: number): Promise<LearnerRow> {
  const learner = await findLearner(db, applicationId, id);
  if (!learner) throw learnerMissing(id);
  return learner;
}
