import { type AppError, type ErrorDetail, invalid, notFound } from '../errors';

/** What is said of another application's records too: nothing tells the two apart. */
const missing =
  (what: string) =>
  (id: number): AppError =>
    notFound(`There is no ${what} ${id} in this application.`);

export const programMissing = missing('program');
export const learnerMissing = missing('learner');
export const groupMissing = missing('group');
export const enrollmentMissing = missing('enrollment');

/** Refuses a list whole, naming each that is at fault. */
export const refused = (details: ErrorDetail[], code = 'invalid'): AppError =>
  invalid(`${details.length === 1 ? 'One entry' : `${details.length} entries`} cannot be used; nothing was changed.`, {
    code,
    details,
  });
