import { type Static, Type } from '@sinclair/typebox';
import { enrollmentSorts } from './enrollment-list.rules';
import { maxLearners } from './learner.rules';

const id = (description: string) => Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description });

export const ProgramPath = Type.Object({ program_id: id('Of the program') });
export const EnrollmentPath = Type.Object({
  program_id: id('Of the program'),
  id: id('Of the enrollment: its `enrollment_id`, not the learner’s id'),
});

const time = (description: string) =>
  Type.Optional(
    Type.String({ minLength: 1, maxLength: 50, description: `${description} (RFC 3339, or without a zone: UTC)` }),
  );

export const EnrollmentQuery = Type.Object({
  updated_after: time('Updated after this time'),
  created_after: time('Created after this time'),
  deleted_after: time('Deleted after this time; implies only_deleted, unless with_deleted is true'),
  updated_before: time('Updated before this time'),
  created_before: time('Created before this time'),
  deleted_before: time('Deleted before this time; implies only_deleted, unless with_deleted is true'),
  only_deleted: Type.Optional(Type.Boolean({ description: 'Only deleted enrollments' })),
  with_deleted: Type.Optional(
    Type.Boolean({ description: 'Also deleted enrollments, and those in whose place the learner was enrolled again' }),
  ),
  sort: Type.Optional(
    Type.String({
      enum: enrollmentSorts.flatMap((sort) => [sort, `-${sort}`]),
      description: 'Ascending, or descending with a minus; unless given, in the order in which they were made',
    }),
  ),
  search: Type.Optional(
    Type.String({ maxLength: 255, description: 'Words that first name, last name, uid or email hold, in any case' }),
  ),
  user_id: Type.Optional(id('Of the learner')),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Enrollments a page, at the most' }),
  ),
  after: Type.Optional(
    Type.String({
      maxLength: 4000,
      pattern: '^[A-Za-z0-9_-]+$',
      description: 'From the `meta.next` of the page before',
    }),
  ),
});
export type EnrollmentQuery = Static<typeof EnrollmentQuery>;

const whole = (description: string) => Type.Integer({ description });
const days = (description: string) =>
  Type.Union([Type.Integer(), Type.Null()], { description: `${description}; negative when it has passed` });
const dateTime = (description: string) => Type.String({ format: 'date-time', description });
const maybeTime = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description });

export const ProgramEnrollmentResponse = Type.Object({
  id: whole('User id of the learner'),
  name: Type.String({ description: 'Name of the learner; the uid of one without a name' }),
  email: Type.Union([Type.String(), Type.Null()]),
  avatar_url: Type.Union([Type.String(), Type.Null()]),
  state: Type.Union([Type.Literal('active'), Type.Literal('complete')]),
  enrollment_id: whole('What PATCH, PUT and DELETE take'),
  current_program_item_index: whole('The first step that is not done, from 0; total_program_items when all are'),
  total_program_items: whole('Steps in the program, as this enrollment has it'),
  current_program_item_due: days('Days until the current course is due'),
  pending_approval_item_count: whole('Steps that wait for an approval'),
  program_due: days('Days until the program is due'),
  group_ids: Type.Array(Type.String(), { description: 'Groups through which the learner is enrolled' }),
  created_at: dateTime('When this enrollment was created'),
  updated_at: dateTime('When this enrollment was last updated'),
  deleted_at: Type.Optional(
    maybeTime('When it was deleted, or another took its place; only where deleted records are asked for'),
  ),
  end_at: maybeTime('Due date'),
  expires_at: maybeTime('Expiration date'),
  completed_at: maybeTime('Completion date'),
});
export type ProgramEnrollmentResponse = Static<typeof ProgramEnrollmentResponse>;

export const EnrollmentList = Type.Object({
  meta: Type.Object({
    next: Type.Optional(Type.String({ format: 'uri', description: 'The URL of the next page; none after the last' })),
  }),
  enrollments: Type.Array(ProgramEnrollmentResponse),
});

export const ChangedEnrollment = Type.Object({
  meta: Type.Object({}),
  enrollments: Type.Array(ProgramEnrollmentResponse, { minItems: 1, maxItems: 1 }),
});

const date = Type.Optional(
  Type.Union([Type.String({ minLength: 1, maxLength: 50 }), Type.Null()], {
    description: 'RFC 3339, or without a zone (`2017-12-31 07:00:00`): UTC; null: none',
  }),
);
const dates = { end_at: date, expires_at: date };

export const EnrollmentChange = Type.Object({
  enrollments: Type.Array(Type.Object(dates), { minItems: 1, maxItems: 1 }),
});

const text = Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'In any case' }));
const named = (name: 'user_id' | 'id') =>
  Type.Object(
    { [name]: Type.Optional(id('Of the learner')), email: text, uid: text, ...dates },
    { description: `The learner by ${name} where it is given, else by email, else by uid` },
  );

/** Learners to enroll, by the name of their list. */
export const NewEnrollments = { enrollments: named('user_id'), learners: named('id') };

/** How many a request may have. */
const many = { minItems: 1, maxItems: maxLearners };

export const EnrollRequest = Type.Union([
  Type.Object({ enrollments: Type.Array(NewEnrollments.enrollments, many) }),
  Type.Object({ learners: Type.Array(NewEnrollments.learners, many) }),
]);

/** The same as it comes: entries are judged one by one. */
export const EnrollLists = Type.Object({
  enrollments: Type.Optional(Type.Array(Type.Unknown(), many)),
  learners: Type.Optional(Type.Array(Type.Unknown(), many)),
});
