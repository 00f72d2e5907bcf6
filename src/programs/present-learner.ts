import type { Learner } from './learners.schemas';
import type { LearnerRow } from './learners.store';

export const presentLearner = (row: LearnerRow): Learner => ({
  id: row.id,
  uid: row.uid,
  first_name: row.first_name,
  last_name: row.last_name,
  email: row.email,
  avatar_url: row.avatar_url,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});
