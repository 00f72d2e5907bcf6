import type { Completion } from './completions.schemas';
import type { CompletionRow } from './completions.store';

export const presentCompletion = (row: CompletionRow): Completion => ({
  id: row.id,
  learner_id: row.learner_id,
  email: row.email,
  uid: row.uid,
  course_id: row.course_id,
  completed_at: row.completed_at.toISOString(),
  received_at: row.received_at.toISOString(),
  door: row.door,
  source_id: row.source_id,
});
