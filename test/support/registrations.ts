import { v7 as uuid } from 'uuid';
import type { Database } from '../../src/database/connection';
import { saveLearners } from '../../src/programs/save-learners';
import { insertRegistration, type RegistrationRow } from '../../src/player/registrations.store';

/** Registers a learner for a course of an application, in its newest version unless told; answers the registration's id. */
export async function register(
  db: Database,
  applicationId: string,
  courseId: string,
  { version, kind = 'enrolled', ...rest }: { version?: number } & Partial<RegistrationRow> = {},
): Promise<string> {
  const course = await db('courses')
    .where({ application_id: applicationId, course_id: courseId })
    .whereNull('deleted_at')
    .first<{ id: string; latest_version: number }>();
  const of = await db('course_versions')
    .where({ course_id: course.id, version: version ?? course.latest_version })
    .first<{ id: string }>();
  const id = uuid();
  const learner_id = kind === 'enrolled' ? await makeLearner(db, applicationId) : null;
  await db.transaction(async (tx) => {
    await insertRegistration(tx, {
      id,
      application_id: applicationId,
      course_id: course.id,
      version_id: of.id,
      revision: 1,
      kind,
      learner_id,
      learner: { id: 'ada', name: 'Ada' },
    });
    if (Object.keys(rest).length > 0) await tx('registrations').where({ id }).update(rest);
  });
  return id;
}

/** A learner of an application; answers the id. */
export async function makeLearner(db: Database, applicationId: string): Promise<number> {
  const inputs = [{ uid: uuid(), first_name: 'Ada', last_name: 'Lovelace' }];
  const [learner] = await saveLearners(applicationId, inputs, { db, wake: () => undefined });
  return learner!.id;
}
