import { type Static, Type } from '@sinclair/typebox';
import { dateTime, LearnerName, name, rowId } from './fields.schemas';
import { maxLearners } from './learner.rules';

export const GroupValues = Type.Object({ name }, { additionalProperties: false });

export const Group = Type.Object({ id: rowId, name: Type.String(), created_at: dateTime, updated_at: dateTime });
export type Group = Static<typeof Group>;

export const GroupPath = Type.Object({ groupId: rowId });
export const MemberPath = Type.Object({ groupId: rowId, learnerId: rowId });
export const ProgramGroupPath = Type.Object({ programId: rowId, groupId: rowId });

export const GroupList = Type.Object({ groups: Type.Array(Group), next: Type.Optional(Type.String()) });

export const Members = Type.Object(
  { learners: Type.Array(LearnerName, { minItems: 1, maxItems: maxLearners }) },
  { additionalProperties: false },
);

const count = Type.Integer({ minimum: 0 });
export const MembersAdded = Type.Object({ added: count }, { description: 'Those who were no members before' });
export const MembersRemoved = Type.Object({ removed: count }, { description: 'Those who were members' });
