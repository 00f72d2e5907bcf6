import { v7 as uuid } from 'uuid';
import type { Transaction } from '../database/connection';
import { conflict, invalid } from '../errors';
import type { Activity } from '../courses/packages/package';
import type { Resources } from '../resources';
import { findActivity } from './activity-tree.rules';
import { openAiccUnit } from './aicc-launch';
import type { ConnectedRuntime, UnitPlace } from './browser/player-seed';
import { closeSessions } from './close-sessions';
import { openCmi5Unit } from './cmi5-launch';
import { unitToken } from './launch-tokens';
import { type LaunchRow, lockLaunch } from './launches.store';
import { isConnected, runtimeOf } from './player-seed';
import { lockRegistration, type RegistrationRow } from './registrations.store';
import { baseOf } from './session-origin.rules';
import type { Session } from './sessions';
import { openXapiUnit } from './xapi-launch';
import { endOpenUnitSessions, insertUnitSession } from './unit-sessions.store';

export type OpenNeeds = Pick<Resources, 'db' | 'secrets' | 'config' | 'wake'>;

/** What a standard's launch is made of. */
export interface Opening extends Session {
  /** Of the row in `unit_sessions` that was made for it. */
  id: string;
  activity: Activity & { href: string };
  launch: LaunchRow;
  registration: RegistrationRow;
  /** Where the unit session's own doors are, as a full address without a slash at its end. */
  base: string;
}

/** Makes what content of a standard is opened with. In the transaction that opens it. */
export type Opener = (tx: Transaction, opening: Opening, needs: OpenNeeds) => Promise<UnitPlace>;

const openers: Readonly<Record<ConnectedRuntime, Opener>> = {
  aicc: openAiccUnit,
  cmi5: openCmi5Unit,
  xapi: openXapiUnit,
};

/** Opens a unit whose content reports to the server itself; answers where the page is to show it. */
export async function openUnit(session: Session, activityId: string, needs: OpenNeeds): Promise<UnitPlace> {
  const { db, secrets, config } = needs;
  const runtime = runtimeOf(session.version);
  if (!isConnected(runtime)) throw invalid('What this course opens needs no session of its own.');
  const activity = findActivity(session.version.structure.rootActivity, activityId);
  const { href } = activity ?? {};
  if (!activity || href === undefined) throw invalid('The course has no such activity.');
  return db.transaction(async (tx) => {
    const launch = await lockLaunch(tx, session.launch.id);
    const registration = launch && (await lockRegistration(tx, launch.registration_id));
    if (!launch || !registration || launch.finished_by === 'exit') throw conflict('The course was left.');
    // Those of cmi5 end themselves, or are abandoned when this one begins.
    if (runtime !== 'cmi5') await endOpenUnitSessions(tx, { registration_id: registration.id }, new Date());
    const id = uuid();
    await insertUnitSession(tx, {
      id,
      launch_id: launch.id,
      registration_id: registration.id,
      activity_id: activityId,
    });
    const base = `${baseOf(config.player.url, launch.id)}/u/${unitToken(id, secrets)}`;
    const opening = { ...session, id, activity: { ...activity, href }, launch, registration, base };
    const place = await openers[runtime](tx, opening, needs);
    await closeSessions(tx, opening, needs);
    return place;
  });
}
