import { type Static, Type } from '@sinclair/typebox';

const pattern = (maxLength: number, description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength }), { maxItems: 50, description });
const id = Type.String({ minLength: 1, maxLength: 255 });
const member = '[^.]{1,100}';

const events = {
  types: pattern(50, 'Event types that complete a course; `*` stands for any text. Those of the hub itself never do'),
  course: Type.String({
    pattern: `^EventData(\\.${member}){1,8}$`,
    description: 'Where the event names the course: a path of members',
  }),
  learner: Type.String({
    pattern: `^(ProgramMemberId|EventData(\\.${member}){1,8})$`,
    description: 'Where it names the learner: an email, or a uid',
  }),
};
const caliper = {
  actions: pattern(
    120,
    'Types and actions that complete a course, as `ActivityEvent/Completed`; `*` stands for any text',
  ),
  course: Type.String({ pattern: `^${member}(\\.${member}){0,8}$`, description: 'Where the event names the course' }),
};

const ForeignCourse = Type.Object({ foreign_id: id, course_id: id }, { additionalProperties: false });
const courses = Type.Array(ForeignCourse, {
  maxItems: 10_000,
  description: 'Which courses are meant by ids that events have. Other ids stand for the course of that id',
});

export const CompletionMapping = Type.Object({
  events: Type.Object(events),
  caliper: Type.Object(caliper),
  courses,
});
export type CompletionMapping = Static<typeof CompletionMapping>;

/** What is left out is the default; of courses, none. */
export const CompletionMappingRequest = Type.Object(
  {
    events: Type.Optional(Type.Partial(Type.Object(events), { additionalProperties: false })),
    caliper: Type.Optional(Type.Partial(Type.Object(caliper), { additionalProperties: false })),
    courses: Type.Optional(courses),
  },
  { additionalProperties: false },
);
