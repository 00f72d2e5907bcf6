import { type TObject, type TSchema, Type } from '@sinclair/typebox';
import { pageQuery } from '../http/hub-paging';
import { maxLearners } from './learner.rules';

export const rowId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
export const dateTime = Type.String({ format: 'date-time' });
export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Of learners and courses, as the application names them. */
export const name = Type.String({ minLength: 1, maxLength: 255 });
export const email = Type.String({ maxLength: 255, pattern: '^[^\\s@]+@[^\\s@]+$' });

export const PageQuery = Type.Object(pageQuery);

/** What a change gives of a record: each member may be left out. */
export const changeOf = <T extends TObject>(schema: T, description: string) =>
  Type.Partial(schema, { additionalProperties: false, description });

/** A learner, as requests name them. */
export const LearnerName = Type.Object(
  { id: Type.Optional(rowId), uid: Type.Optional(name), email: Type.Optional(email) },
  {
    additionalProperties: false,
    minProperties: 1,
    description: 'By id where it is given, else by email, else by uid, both in either case',
  },
);

/** A list of learners whose entries are judged one by one. */
export const LearnerEntries = Type.Object(
  { learners: Type.Array(Type.Unknown(), { minItems: 1, maxItems: maxLearners }) },
  { additionalProperties: false },
);
