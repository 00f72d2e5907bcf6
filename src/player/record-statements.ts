import type { Transaction } from '../database/connection';
import type { Resources } from '../resources';
import { addStatements } from '../statements/add-statements';
import type { CourseVersionRow } from '../courses/courses.store';
import type { LaunchRow } from './launches.store';
import { runtimeOf } from './player-seed';
import type { RegistrationRow } from './registrations.store';
import { type ActivityChange, scormStatements } from './scorm-statements.rules';

export interface StatementSource {
  launch: Pick<LaunchRow, 'id' | 'options'>;
  registration: RegistrationRow;
  version: CourseVersionRow;
}

/** How a version's statements are found again. */
export const statementLink = (versionId: string): string => `course-version/${versionId}`;

/** Says what changed in activities, as statements. `position`: of the change in its launch; there is one of each. Called last. */
export async function recordStatements(
  tx: Transaction,
  changes: readonly ActivityChange[],
  { launch, registration, version }: StatementSource,
  position: string,
  { config }: Pick<Resources, 'config'>,
): Promise<void> {
  const context = {
    courseIri: version.xapi_activity_id,
    courseTitle: version.title,
    isScorm: runtimeOf(version).startsWith('scorm'),
    homePage: config.publicUrl,
    learner: registration.learner,
    registration: registration.id,
    launchId: launch.id,
    position,
    now: new Date(),
  };
  const statements = changes.flatMap((change) => scormStatements(change, context));
  const origin = { applicationId: registration.application_id, link: statementLink(version.id) };
  await addStatements(tx, statements, origin, { config });
}
