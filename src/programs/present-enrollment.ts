import type { ListedEnrollment } from './enrollment-list.store';
import type { ProgramEnrollmentResponse } from './enrollments.schemas';
import { displayName } from './learner.rules';
import { daysUntil } from './program-settings.rules';

/** As Bridge shows an enrollment; `deleted_at` only where deleted records are asked for. */
export function presentEnrollment(row: ListedEnrollment, now: Date, withDeleted = false): ProgramEnrollmentResponse {
  return {
    id: row.learner_id,
    name: displayName(row),
    email: row.email,
    avatar_url: row.avatar_url,
    state: row.state,
    enrollment_id: row.id,
    current_program_item_index: row.current_item_index,
    total_program_items: row.total_items,
    current_program_item_due: daysUntil(row.course_due_at, now),
    pending_approval_item_count: row.pending_approvals,
    program_due: daysUntil(row.end_at, now),
    group_ids: row.group_ids,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    // A superseded one is shown with deleted ones only, and has ended as they have.
    ...(withDeleted && { deleted_at: textOf(row.deleted_at ?? row.superseded_at) }),
    end_at: textOf(row.end_at),
    expires_at: textOf(row.expires_at),
    completed_at: textOf(row.completed_at),
  };
}

const textOf = (moment: Date | null): string | null => moment?.toISOString() ?? null;
