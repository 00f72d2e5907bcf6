import type { Transaction } from '../database/connection';
import { type ErrorDetail, invalid } from '../errors';
import type { Resources } from '../resources';
import { beginCompletions } from './begin-completions';
import { programMissing } from './missing-record';
import { defaultSettings, maxProgramItems, type ProgramSettings, settingsProblems } from './program-settings.rules';
import {
  insertProgram,
  listProgramItems,
  lockProgram,
  type ProgramItemRow,
  type ProgramItemToWrite,
  type ProgramRow,
  findProgram,
  updateProgram,
  writeItems,
} from './programs.store';
import { changeEnrollments, type EnrollmentNeeds } from './write-enrollments';

type Needs = Pick<Resources, 'db'>;

export type Program = ProgramRow & { items: ProgramItemRow[] };

export interface ProgramChange {
  title?: string;
  description?: string | null;
  /** What is given of them changes. */
  settings?: Partial<ProgramSettings>;
  /** All that it is to have, in order. Those with an id are kept, and those left out removed. */
  items?: readonly ProgramItemInput[];
}

/** A course, or a step that needs approval. */
export type ProgramItemInput = { id?: number; days_until_due?: number | null } & (
  { course_id: string; title?: string | null } | { course_id?: null; title: string; requires_approval: true }
);

export function createProgram(
  applicationId: string,
  { title, description = null, settings, items = [] }: ProgramChange & { title: string },
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<Program> {
  const all = { ...defaultSettings, ...settings };
  const written = items.map(itemOf);
  refuseProblems([...settingsProblems(all), ...itemProblems(written, new Map())]);
  return changeEnrollments(needs, async (tx) => {
    const program = await insertProgram(tx, { application_id: applicationId, title, description, settings: all }, now);
    await writeItems(tx, program.id, written, now);
    await beginCompletions(tx, applicationId);
    return getProgram(tx, applicationId, program.id);
  });
}

/**
 * Changes what is given of a program, for those who are enrolled from then on. `accept` is called with the version that is
 * there, and throws where it is not the one that is meant.
 */
export function changeProgram(
  { applicationId, programId }: { applicationId: string; programId: number },
  { settings, items, ...values }: ProgramChange,
  accept: (version: number) => void,
  { db }: Needs,
  now: Date = new Date(),
): Promise<Program> {
  return db.transaction(async (tx) => {
    const program = await lockProgram(tx, applicationId, programId);
    if (!program) throw programMissing(programId);
    accept(program.version);
    const all = { ...program.settings, ...settings };
    const there = new Map((await listProgramItems(tx, [programId])).map(({ id, course_id }) => [id, course_id]));
    const written = items?.map(itemOf);
    refuseProblems([...settingsProblems(all), ...itemProblems(written ?? [], there)]);
    await updateProgram(tx, programId, { ...values, settings: all }, now);
    if (written) await writeItems(tx, programId, written, now);
    return getProgram(tx, applicationId, programId);
  });
}

/** A program with the items that it has now. */
export async function getProgram(db: Needs['db'] | Transaction, applicationId: string, id: number): Promise<Program> {
  const program = await findProgram(db, applicationId, id);
  if (!program) throw programMissing(id);
  return { ...program, items: await listProgramItems(db, [id]) };
}

const itemOf = (input: ProgramItemInput): ProgramItemToWrite => ({
  ...(input.id !== undefined && { id: input.id }),
  course_id: input.course_id ?? null,
  title: input.title ?? null,
  requires_approval: typeof input.course_id !== 'string',
  days_until_due: input.days_until_due ?? null,
});

function itemProblems(items: readonly ProgramItemToWrite[], there: ReadonlyMap<number, string | null>): ErrorDetail[] {
  const problems: ErrorDetail[] = [];
  if (items.length > maxProgramItems) problems.push({ path: 'items', message: `must be ${maxProgramItems} at most` });
  const courses = new Set<string>();
  const ids = new Set<number>();
  items.forEach(({ id, course_id }, index) => {
    if (id !== undefined && (!there.has(id) || ids.has(id)))
      problems.push({ index, path: `items.${index}.id`, message: 'must be an item that the program has, once' });
    // Those who are enrolled have the old course: this one is another item.
    else if (id !== undefined && there.get(id) !== course_id)
      problems.push({ index, path: `items.${index}.id`, message: 'must be left out where the course is another one' });
    if (course_id !== null && courses.has(course_id))
      problems.push({ index, path: `items.${index}.course_id`, message: 'must be in the program once' });
    if (id !== undefined) ids.add(id);
    if (course_id !== null) courses.add(course_id);
  });
  return problems;
}

function refuseProblems(details: ErrorDetail[]): void {
  if (details.length > 0) throw invalid('The program cannot be as it is described.', { details });
}
