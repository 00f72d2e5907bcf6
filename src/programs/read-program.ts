import { type ErrorDetail, invalid } from '../errors';
import { readDate } from '../http/dates';
import type { ProgramSettings } from './program-settings.rules';
import type { ProgramItemInput as RequestedItem, ProgramPatch } from './programs.schemas';
import type { ProgramChange, ProgramItemInput } from './save-program';

/** What a request gives of a program. Refused where an item is neither a course nor a step that needs approval. */
export function readProgram({ title, description, items, ...settings }: ProgramPatch): ProgramChange {
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(items && { items: readItems(items) }),
    settings: readSettings(settings),
  };
}

/** A date is kept as it is in UTC. */
function readSettings(settings: Partial<ProgramSettings>): Partial<ProgramSettings> {
  const { default_due_on_date: date } = settings;
  if (typeof date !== 'string') return settings;
  return { ...settings, default_due_on_date: readDate(date, 'default_due_on_date').toISOString() };
}

function readItems(items: readonly RequestedItem[]): ProgramItemInput[] {
  const problems: ErrorDetail[] = [];
  const read = items.map((item, index) => {
    const problem = problemOf(item);
    if (problem) problems.push({ index, path: `items.${index}.${problem.path}`, message: problem.message });
    return itemOf(item);
  });
  if (problems.length > 0) throw invalid('The program cannot be as it is described.', { details: problems });
  return read;
}

function problemOf({ course_id, title, requires_approval }: RequestedItem): ErrorDetail | undefined {
  if (typeof course_id === 'string')
    return requires_approval
      ? { path: 'requires_approval', message: 'must be false where there is a course' }
      : undefined;
  if (!requires_approval) return { path: 'course_id', message: 'is required, or requires_approval: true for a step' };
  return typeof title === 'string' ? undefined : { path: 'title', message: 'is required where there is no course' };
}

/** Once `problemOf` has found nothing. */
function itemOf({ id, course_id, title, days_until_due }: RequestedItem): ProgramItemInput {
  const shared = { ...(id !== undefined && { id }), ...(days_until_due !== undefined && { days_until_due }) };
  return typeof course_id === 'string'
    ? { ...shared, course_id, title: title ?? null }
    : { ...shared, title: title!, requires_approval: true };
}
