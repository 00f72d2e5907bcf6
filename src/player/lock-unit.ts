import type { Transaction } from '../database/connection';
import { notFound } from '../errors';
import { type LaunchRow, lockLaunch } from './launches.store';
import { lockRegistration, type RegistrationRow } from './registrations.store';
import type { UnitSession } from './unit-doors';
import { lockUnitSession, type UnitSessionRow } from './unit-sessions.store';

export interface LockedUnit {
  launch: LaunchRow;
  registration: RegistrationRow;
  unit: UnitSessionRow;
}

/** Locks what a report of a unit's content may change, always in this order. Throws not-found. */
export async function lockUnit(tx: Transaction, session: UnitSession): Promise<LockedUnit> {
  const launch = await lockLaunch(tx, session.launch.id);
  const registration = launch && (await lockRegistration(tx, launch.registration_id));
  const unit = registration && (await lockUnitSession(tx, session.unit.id));
  if (!launch || !registration || !unit) throw notFound('The course is not there any more.');
  return { launch, registration, unit };
}
