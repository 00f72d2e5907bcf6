import { type Static, Type } from '@sinclair/typebox';
import { changeOf, dateTime, name, orNull, rowId } from './fields.schemas';
import { maxDays, maxProgramItems, maxReminders } from './program-settings.rules';

const days = (minimum: number, description: string) =>
  Type.Union([Type.Integer({ minimum, maximum: maxDays }), Type.Null()], { description });

/** By Bridge's names. */
export const settings = {
  default_days_until_due: days(0, 'Due so many days from the enrollment'),
  default_due_on_date: Type.Union([dateTime, Type.Null()], {
    description: 'Due then; not together with default_days_until_due',
  }),
  expires: Type.Boolean({ description: 'Whether enrollments expire' }),
  default_days_until_expiration: days(1, 'Days from the enrollment; needed where it expires'),
  auto_re_enroll: Type.Boolean({ description: 'Whether another enrollment takes the place of one that expires' }),
  re_enrollment_period: days(0, 'How many days before the expiration it does'),
  non_linear: Type.Boolean({ description: 'Whether items may be done in any order' }),
  reminder_days: Type.Array(Type.Integer({ minimum: 1, maximum: maxDays }), {
    maxItems: maxReminders,
    description: 'Days before the due date on which there is a reminder',
  }),
};

const itemKinds = 'A course (course_id), or a step that needs approval (title, and requires_approval: true)';

export const ProgramItemInput = Type.Object(
  {
    id: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Of an item that the program has, which is to stay the same one',
      }),
    ),
    course_id: Type.Optional(orNull(name)),
    title: Type.Optional(orNull(name)),
    requires_approval: Type.Optional(Type.Boolean()),
    days_until_due: Type.Optional(days(0, 'Due so many days from the enrollment')),
    waived_at: Type.Optional(Type.Union([dateTime, Type.Null()], { description: 'As it was read: not taken over' })),
  },
  { additionalProperties: false, description: itemKinds },
);
export type ProgramItemInput = Static<typeof ProgramItemInput>;

const given = {
  title: name,
  description: Type.Optional(orNull(Type.String({ maxLength: 10_000 }))),
  items: Type.Optional(Type.Array(ProgramItemInput, { maxItems: maxProgramItems })),
  ...Type.Partial(Type.Object(settings)).properties,
};

export const NewProgram = Type.Object(given, { additionalProperties: false });
export const ProgramPatch = changeOf(
  NewProgram,
  'What is left out stays. items are all that the program is to have, in order: those with an id are kept',
);
export type ProgramPatch = Static<typeof ProgramPatch>;

export const ProgramItem = Type.Object({
  id: rowId,
  course_id: orNull(Type.String()),
  title: orNull(Type.String()),
  requires_approval: Type.Boolean(),
  days_until_due: orNull(Type.Integer()),
  waived_at: Type.Union([dateTime, Type.Null()], {
    description: 'Its course was deleted: done for those enrolled, gone for later ones',
  }),
});
export type ProgramItem = Static<typeof ProgramItem>;

const summary = {
  id: rowId,
  title: Type.String(),
  description: orNull(Type.String()),
  ...settings,
  created_at: dateTime,
  updated_at: dateTime,
};

export const ProgramSummary = Type.Object(summary);
export type ProgramSummary = Static<typeof ProgramSummary>;

export const Program = Type.Object({ ...summary, items: Type.Array(ProgramItem, { description: 'In their order' }) });
export type Program = Static<typeof Program>;

export const ProgramPath = Type.Object({ programId: rowId });

export const ProgramList = Type.Object({
  programs: Type.Array(ProgramSummary, { description: 'Without their items' }),
  next: Type.Optional(Type.String()),
});
