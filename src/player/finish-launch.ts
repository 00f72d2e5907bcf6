import type { Resources } from '../resources';
import type { Transaction } from '../database/connection';
import { findVersionById } from '../courses/courses.store';
import { findActivity } from './activity-tree.rules';
import { closeSessions } from './close-sessions';
import { type LaunchRow, lockLaunch, updateLaunch } from './launches.store';
import { isConnected, runtimeOf } from './player-seed';
import { recordStatements } from './record-statements';
import { listActivities, lockRegistration, type RegistrationRow } from './registrations.store';
import { endOpenUnitSessions } from './unit-sessions.store';

/** When to look again (ms since 1970), or that the launch is finished. */
export type FinishPlan = { state: 'open'; lookAt: number } | { state: 'finished' };

/**
 * Finishes a launch of which nothing was heard for `LAUNCH_IDLE_SECONDS`: its page was killed, or its machine sleeps. What it
 * last sent stays, and its content can go on from there. A page that comes back opens it again with its next commit.
 */
export async function finishLaunch(
  launchId: string,
  { db, config }: Pick<Resources, 'db' | 'config'>,
  now: Date,
): Promise<FinishPlan> {
  return db.transaction(async (tx) => {
    const launch = await lockLaunch(tx, launchId);
    if (launch?.state !== 'open') return { state: 'finished' };
    const lookAt = launch.last_seen_at!.getTime() + config.player.idleSeconds * 1000;
    if (lookAt > now.getTime()) return { state: 'open', lookAt };
    await updateLaunch(tx, launchId, { state: 'finished', finished_at: now, finished_by: 'timeout' });
    const registration = await lockRegistration(tx, launch.registration_id);
    await endOpenUnitSessions(tx, { launch_id: launchId }, now);
    if (registration) await sayWhatEnded(tx, launch, registration, { config });
    return { state: 'finished' };
  });
}

/** Activities whose content never ended: rows of SCORM stay open, so that a later session resumes. */
async function sayWhatEnded(
  tx: Transaction,
  launch: LaunchRow,
  registration: RegistrationRow,
  needs: Pick<Resources, 'config'>,
): Promise<void> {
  const version = await findVersionById(tx, registration.version_id);
  if (!version) return;
  if (isConnected(runtimeOf(version))) return closeSessions(tx, { launch, registration, version }, needs);
  const changes = (await listActivities(tx, registration.id))
    .filter(({ session_open }) => session_open)
    .flatMap((row) => {
      const activity = findActivity(version.structure.rootActivity, row.activity_id);
      return activity ? [{ activity, before: row, after: { ...row, session_open: false } }] : [];
    });
  const position = `timeout/${launch.commit_opening}/${launch.commit_number}`;
  await recordStatements(tx, changes, { launch, registration, version }, position, needs);
}
