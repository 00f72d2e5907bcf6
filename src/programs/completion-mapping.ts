import type { Database } from '../database/connection';
import { invalid } from '../errors';
import type { Resources } from '../resources';
import { beginCompletions } from './begin-completions';
import { type CompletionMapping, type CompletionReader, defaultMapping, readerOf } from './completion-mapping.rules';
import {
  findMapping,
  type ForeignCourse,
  listForeignCourses,
  lockMapping,
  replaceMapping,
} from './completion-mapping.store';
import { changeEnrollments } from './write-enrollments';

/** An application's mapping with the courses it names. */
export interface CompletionMappingDetails extends CompletionMapping {
  courses: ForeignCourse[];
  version: number;
}

/** What is left out of a mapping that is put is the default. */
export interface MappingInput {
  events?: Partial<CompletionMapping['events']>;
  caliper?: Partial<CompletionMapping['caliper']>;
  courses?: readonly ForeignCourse[];
}

/** Reads what an application's events are asked by. */
export const readCompletionReader = async (db: Database, applicationId: string): Promise<CompletionReader> =>
  readerOf({ ...defaultMapping, ...(await findMapping(db, applicationId))?.settings });

/** The same, at most a second old. */
export const getCompletionReader = async (
  applicationId: string,
  { completionMappings }: Pick<Resources, 'completionMappings'>,
): Promise<CompletionReader> => (await completionMappings.get(applicationId))!;

export async function getMapping(
  applicationId: string,
  { db }: Pick<Resources, 'db'>,
): Promise<CompletionMappingDetails> {
  const row = await findMapping(db, applicationId);
  const courses = await listForeignCourses(db, applicationId);
  return { ...defaultMapping, ...row?.settings, courses, version: row?.version ?? 0 };
}

/**
 * Puts a mapping in the place of the one before; it counts for events that come from now on, and where there was none also for
 * those before. `accept` is called with the
 * version that is there, and throws where it is not the one that is meant.
 */
export async function putMapping(
  applicationId: string,
  { events, caliper, courses = [] }: MappingInput,
  accept: (version: number) => void,
  { db, wake, completionMappings }: Pick<Resources, 'db' | 'wake' | 'completionMappings'>,
): Promise<CompletionMappingDetails> {
  refuseRepeated(courses);
  const mapping = {
    events: { ...defaultMapping.events, ...events },
    caliper: { ...defaultMapping.caliper, ...caliper },
  };
  await changeEnrollments({ db, wake }, async (tx) => {
    await beginCompletions(tx, applicationId, mapping);
    accept((await lockMapping(tx, applicationId))!.version);
    await replaceMapping(tx, applicationId, mapping, courses);
  });
  completionMappings.forget(applicationId);
  return getMapping(applicationId, { db });
}

function refuseRepeated(courses: readonly ForeignCourse[]): void {
  const first = new Map<string, number>();
  const details = courses.flatMap(({ foreign_id }, index) => {
    const before = first.get(foreign_id);
    if (before !== undefined)
      return [{ index, path: `courses.${index}.foreign_id`, message: `is that of courses.${before} too` }];
    first.set(foreign_id, index);
    return [];
  });
  if (details.length > 0) throw invalid('The mapping cannot be as it is described.', { details });
}
