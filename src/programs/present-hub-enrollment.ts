import type { Enrollment } from './enrollment.rules';
import { workflowIdOf } from './enrollment-work';
import type { EnrollmentRow, SourceRow } from './enrollments.store';
import type { EnrollmentSummary, HubEnrollment } from './hub-enrollments.schemas';

const textOf = (moment: Date | null): string | null => moment?.toISOString() ?? null;

export const presentEnrollmentSummary = (row: EnrollmentRow): EnrollmentSummary => ({
  id: row.id,
  program_id: row.program_id,
  learner_id: row.learner_id,
  state: row.state,
  created_at: row.created_at.toISOString(),
  end_at: textOf(row.end_at),
  expires_at: textOf(row.expires_at),
  completed_at: textOf(row.completed_at),
  superseded_at: textOf(row.superseded_at),
  deleted_at: textOf(row.deleted_at),
  previous_id: row.previous_id,
  progress: row.progress / 100,
  current_item_index: row.current_item_index,
  total_items: row.total_items,
  pending_approvals: row.pending_approvals,
  next_wake:
    row.next_wake_at === null || row.next_wake_for === null
      ? null
      : { at: row.next_wake_at.toISOString(), reason: row.next_wake_for },
});

export const presentHubEnrollment = (enrollment: Enrollment, sources: readonly SourceRow[]): HubEnrollment => ({
  ...presentEnrollmentSummary(enrollment),
  items: enrollment.items.map((item) => ({
    position: item.position,
    item_id: item.item_id,
    course_id: item.course_id,
    title: item.title,
    requires_approval: item.requires_approval,
    due_at: textOf(item.due_at),
    state: item.state,
    completed_at: textOf(item.completed_at),
  })),
  sources: sources.map(({ group_id, created_at }) => ({
    kind: group_id === null ? 'individual' : 'group',
    group_id,
    added_at: created_at.toISOString(),
  })),
  settings: enrollment.settings,
  workflow_id: workflowIdOf(enrollment),
});
