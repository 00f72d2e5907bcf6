import { type Static, Type } from '@sinclair/typebox';
import { courseId } from '../courses/courses.schemas';
import { pageQuery } from '../http/hub-paging';
import { changeOf, dateTime, email, name, orNull, rowId } from './fields.schemas';
import { maxLearners } from './learner.rules';

const personName = Type.String({ maxLength: 255 });

const given = {
  first_name: Type.Optional(personName),
  last_name: Type.Optional(personName),
  email: Type.Optional(orNull(email)),
  avatar_url: Type.Optional(orNull(Type.String({ maxLength: 2000, pattern: '^https?://\\S+$' }))),
};

export const NewLearner = Type.Object({ uid: name, ...given }, { additionalProperties: false });
export const LearnerChange = changeOf(NewLearner, 'What is left out stays; null takes email or avatar away');

export const Learner = Type.Object({
  id: rowId,
  uid: Type.String({ description: 'The application’s own id of the learner; unique in either case' }),
  first_name: Type.String(),
  last_name: Type.String(),
  email: Type.Union([Type.String(), Type.Null()], { description: 'Unique in either case' }),
  avatar_url: orNull(Type.String()),
  created_at: dateTime,
  updated_at: dateTime,
});
export type Learner = Static<typeof Learner>;

export const LearnerPath = Type.Object({ learnerId: rowId });
export const LearnerCoursePath = Type.Object({ learnerId: rowId, courseId });

export const LearnerQuery = Type.Object({
  ...pageQuery,
  uid: Type.Optional(Type.String({ maxLength: 255, description: 'The one with this uid, in either case' })),
  email: Type.Optional(Type.String({ maxLength: 255, description: 'The one with this email, in either case' })),
});

export const LearnerList = Type.Object({ learners: Type.Array(Learner), next: Type.Optional(Type.String()) });
export type LearnerList = Static<typeof LearnerList>;

export const ManyLearners = Type.Object(
  { learners: Type.Array(NewLearner, { minItems: 1, maxItems: maxLearners }) },
  { additionalProperties: false },
);

export const SavedLearners = Type.Object({
  created: Type.Integer({ minimum: 0 }),
  updated: Type.Integer({ minimum: 0, description: 'Those who were there already, whether or not anything changed' }),
  learners: Type.Array(Type.Object({ id: rowId, uid: Type.String() }), { description: 'In the order of the request' }),
});
