import type { Transaction } from '../database/connection';
import type { CourseVersionRow } from '../courses/courses.store';
import type { JsonObject } from '../statements/shapes.rules';
import { type Cmi5Speech, satisfiedStatements } from './cmi5-statements.rules';
import { hasWaived } from './registrations.store';
import { hasTrackedSession } from './unit-sessions.store';

/**
 * What asks for nothing is satisfied with the registration (cmi5 9.6.1), in no AU's session: told before its first AU is launched, or
 * waived. `opening`: the session that is being opened.
 */
export async function satisfiedFromStart(
  tx: Transaction,
  { structure }: CourseVersionRow,
  speech: Cmi5Speech,
  opening?: string,
): Promise<JsonObject[]> {
  const { registration } = speech;
  if ((await hasTrackedSession(tx, registration, opening)) || (await hasWaived(tx, registration))) return [];
  const asFromStart = { before: undefined, after: new Map() };
  return satisfiedStatements(structure.rootActivity, asFromStart, { ...speech, sessionId: registration });
}
