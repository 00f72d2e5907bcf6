import { type Static, Type } from '@sinclair/typebox';
import { pageQuery } from '../http/hub-paging';
import { dateTime, modelName, reviewer, rowId } from './learning-objects.schemas';

export const assignmentStatuses = ['Pending', 'Completed', 'Rejected'] as const;
export type AssignmentStatus = (typeof assignmentStatuses)[number];

export const NewAssignment = Type.Object({ model: modelName, reviewer }, { additionalProperties: false });

export const Assignment = Type.Object({
  id: rowId,
  learning_object_id: rowId,
  model: modelName,
  reviewer: Type.String(),
  status: Type.Unsafe<AssignmentStatus>(Type.String({ enum: [...assignmentStatuses] })),
  created_at: dateTime,
  updated_at: dateTime,
});
export type Assignment = Static<typeof Assignment>;

export const AssignmentList = Type.Object({ assignments: Type.Array(Assignment), next: Type.Optional(Type.String()) });

export const PageQuery = Type.Object(pageQuery);
