import { Type } from '@sinclair/typebox';
import { date, more } from '../courses/courses.schemas';
import { Statement } from '../statements/xapi.schemas';

export const CourseStatementsQuery = Type.Object({
  learnerId: Type.Optional(
    Type.String({ minLength: 1, maxLength: 255, description: 'The learner’s id as content is told it' }),
  ),
  since: date('Stored then or later'),
  until: date('Stored then or earlier'),
  more,
});

/** XapiStatementResult: statements as xAPI has them, each with its object also as `objectActivity` and so on. */
export const CourseStatements = Type.Object({
  statements: Type.Array(Statement),
  more: Type.Optional(Type.String()),
});
