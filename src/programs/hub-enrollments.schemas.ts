import { type Static, Type } from '@sinclair/typebox';
import { pageQuery } from '../http/hub-paging';
import { dateTime, orNull, rowId } from './fields.schemas';
import { settings } from './programs.schemas';

const oneOf = <const T extends string>(values: readonly T[], description?: string) =>
  Type.Unsafe<T>(Type.String({ enum: [...values], ...(description !== undefined && { description }) }));

const summary = {
  id: rowId,
  program_id: rowId,
  learner_id: rowId,
  state: oneOf(['active', 'complete']),
  created_at: dateTime,
  end_at: Type.Union([dateTime, Type.Null()], { description: 'When it is due; nothing ends then' }),
  expires_at: orNull(dateTime),
  completed_at: orNull(dateTime),
  superseded_at: Type.Union([dateTime, Type.Null()], { description: 'Since then another takes its place' }),
  deleted_at: orNull(dateTime),
  previous_id: Type.Union([rowId, Type.Null()], {
    description: 'The enrollment that this one took the place of, or took up after its removal',
  }),
  progress: Type.Number({ minimum: 0, maximum: 100, description: 'Items that are done, in percent' }),
  current_item_index: Type.Integer({
    minimum: 0,
    description: 'The first item that is not done, from 0; total_items when all are',
  }),
  total_items: Type.Integer({ minimum: 0 }),
  pending_approvals: Type.Integer({ minimum: 0, description: 'Items that wait for an approval now' }),
  next_wake: Type.Union(
    [
      Type.Object({
        at: dateTime,
        reason: oneOf(['reminder', 'step_due', 'overdue', 'expire', 're_enroll'], 'What it is then time for'),
      }),
      Type.Null(),
    ],
    { description: 'When time changes it next; null: nothing is left to happen by itself' },
  ),
};

export const EnrollmentSummary = Type.Object(summary);
export type EnrollmentSummary = Static<typeof EnrollmentSummary>;

const EnrollmentItem = Type.Object({
  position: Type.Integer({ minimum: 0, description: 'From 0' }),
  item_id: Type.Integer({ description: 'Of the program’s item, which may have been taken out of it since' }),
  course_id: orNull(Type.String()),
  title: orNull(Type.String()),
  requires_approval: Type.Boolean(),
  due_at: orNull(dateTime),
  state: oneOf(['pending', 'complete', 'waived'], 'waived: its course was deleted'),
  completed_at: orNull(dateTime),
});

const EnrollmentSource = Type.Object({
  kind: oneOf(['individual', 'group']),
  group_id: orNull(rowId),
  added_at: dateTime,
});

export const HubEnrollment = Type.Object({
  ...summary,
  items: Type.Array(EnrollmentItem),
  sources: Type.Array(EnrollmentSource, { description: 'Why the learner is enrolled: without any, no longer' }),
  settings: Type.Object(settings, { description: 'The program’s when it was made' }),
  workflow_id: Type.String({ description: 'In Temporal, while something is still to happen' }),
});
export type HubEnrollment = Static<typeof HubEnrollment>;

export const EnrollmentPath = Type.Object({ enrollmentId: rowId });
export const EnrollmentItemPath = Type.Object({
  enrollmentId: rowId,
  position: Type.Integer({ minimum: 0, maximum: 1000, description: 'Of the item, from 0' }),
});

export const LearnerEnrollmentQuery = Type.Object({
  ...pageQuery,
  with_deleted: Type.Optional(
    Type.Boolean({ default: false, description: 'Those too that were removed, or superseded by another' }),
  ),
});

export const LearnerEnrollmentList = Type.Object({
  enrollments: Type.Array(EnrollmentSummary),
  next: Type.Optional(Type.String()),
});

export const Timeline = Type.Object({
  timeline: Type.Array(
    Type.Object({
      id: rowId,
      type: oneOf([
        'enrolled',
        'source_added',
        'source_removed',
        'dates_changed',
        'reminded',
        'step_completed',
        'step_overdue',
        'overdue',
        'completed',
        'expired',
        're_enrolled',
        'removed',
      ]),
      at: Type.String({ format: 'date-time', description: 'When it happened' }),
      recorded_at: Type.String({ format: 'date-time', description: 'When the hub noticed' }),
      detail: Type.Unsafe<object>({ type: 'object', description: 'Ids, states and dates; nothing personal' }),
    }),
    { description: 'In the order in which the hub noticed' },
  ),
  next: Type.Optional(Type.String()),
});
export type Timeline = Static<typeof Timeline>;
