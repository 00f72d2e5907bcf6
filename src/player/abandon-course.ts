import type { Transaction } from '../database/connection';
import type { Resources } from '../resources';
import { addStatements } from '../statements/add-statements';
import { abandonUnits } from './abandon-units';
import { holdNewest, type LearnersCourse, lockCurrent, versionOf } from './current-registration';
import { requireCmi5 } from './require-cmi5';
import { statementLink } from './record-statements';
import type { AbandonedUnits } from './units.schemas';
import { listOpenUnitSessions } from './unit-sessions.store';

/**
 * Abandons the AU sessions that are open of the registration that a learner goes on with, and says so (cmi5 9.3.6): what their content
 * sends from then on is refused. Answers undefined where there is no such course. Throws conflict.
 */
export async function abandonCourse(
  tx: Transaction,
  asked: LearnersCourse,
  { config }: Pick<Resources, 'config'>,
): Promise<AbandonedUnits | undefined> {
  const held = await holdNewest(tx, asked);
  if (!held) return undefined;
  const current = await lockCurrent(tx, held, asked);
  const { registration } = current ?? {};
  requireCmi5(registration ? await versionOf(tx, registration) : held.newest, asked.courseId);
  if (!registration) return { abandoned: [] };
  const open = await listOpenUnitSessions(tx, { registration_id: registration.id });
  const statements = await abandonUnits(tx, { registration_id: registration.id }, registration, {
    config,
    now: new Date(),
  });
  const origin = { applicationId: registration.application_id, link: statementLink(registration.version_id) };
  await addStatements(tx, statements, origin, { config });
  return { abandoned: open.map(({ id, activity_id }) => ({ session_id: id, au_id: activity_id })) };
}
