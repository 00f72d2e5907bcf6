import { type Static, Type } from '@sinclair/typebox';
import { pageQuery } from '../http/hub-paging';
import { dateTime, email, name, orNull, rowId } from './fields.schemas';

/** How many a request may report. */
export const maxCompletions = 1000;

export const NewCompletion = Type.Object(
  {
    learner_id: Type.Optional(rowId),
    email: Type.Optional(email),
    uid: Type.Optional(name),
    course_id: name,
    completed_at: Type.Optional(
      Type.String({ format: 'date-time', description: 'Now unless told; not in the future' }),
    ),
    source_id: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description: 'The caller’s own id of it: the same again is stored once',
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'The learner by learner_id where it is given, else by email, else by uid, both in either case',
  },
);
export type NewCompletion = Static<typeof NewCompletion>;

/** What each entry is, is judged one by one. */
export const CompletionEntries = Type.Object(
  { completions: Type.Array(Type.Unknown(), { minItems: 1, maxItems: maxCompletions }) },
  { additionalProperties: false },
);
export const ManyCompletions = Type.Object(
  { completions: Type.Array(NewCompletion, { minItems: 1, maxItems: maxCompletions }) },
  { additionalProperties: false },
);

export const Completion = Type.Object({
  id: rowId,
  learner_id: Type.Union([rowId, Type.Null()], {
    description: 'Null while there is no such learner: it counts once there is',
  }),
  email: Type.Union([Type.String(), Type.Null()], { description: 'Whom it waits for, in small letters, as uid' }),
  uid: orNull(Type.String()),
  course_id: Type.String(),
  completed_at: dateTime,
  received_at: dateTime,
  door: Type.Unsafe<'caliper' | 'events' | 'launch' | 'hub'>(
    Type.String({ enum: ['caliper', 'events', 'launch', 'hub'], description: 'Where it came in' }),
  ),
  source_id: Type.String({ description: 'Of the event, launch or request it came with' }),
});
export type Completion = Static<typeof Completion>;

export const CompletionsStored = Type.Object({
  completions: Type.Array(Completion, { description: 'In the order of the request' }),
});

export const CompletionQuery = Type.Object({
  ...pageQuery,
  course_id: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'Of this course' })),
});

export const CompletionList = Type.Object({
  completions: Type.Array(Completion),
  next: Type.Optional(Type.String()),
});
