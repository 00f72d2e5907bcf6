import type { Resources } from '../resources';
import type { Transaction } from '../database/connection';
import { findVersionById } from '../courses/courses.store';
import { addStatements } from '../statements/add-statements';
import { abandonUnits } from './abandon-units';
import { findActivity } from './activity-tree.rules';
import { closeSessions } from './close-sessions';
import { hasOtherOpen, type LaunchRow, lockLaunch, updateLaunch } from './launches.store';
import { isConnected, runtimeOf } from './player-seed';
import { recordStatements, statementLink } from './record-statements';
import { listActivities, lockRegistration, type RegistrationRow } from './registrations.store';
import { graceMs } from './unit-lateness.rules';
import { endOpenUnitSessions, listOpenUnitSessions } from './unit-sessions.store';

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
    if (launch?.state !== 'open') return launch ? finishLeft(tx, launch, { config }, now) : { state: 'finished' };
    const lookAt = launch.last_seen_at!.getTime() + config.player.idleSeconds * 1000;
    if (lookAt > now.getTime()) return { state: 'open', lookAt };
    await updateLaunch(tx, launchId, { state: 'finished', finished_at: now, finished_by: 'timeout' });
    const registration = await lockRegistration(tx, launch.registration_id);
    if (!registration) return { state: 'finished' };
    const abandoned = await abandonUnits(tx, { launch_id: launchId }, registration, { config, now });
    await endOpenUnitSessions(tx, { launch_id: launchId }, now);
    // What is under way may be in the learner's other launch, and ends with that.
    if (!(await hasOtherOpen(tx, launch))) await sayWhatEnded(tx, launch, registration, { config });
    await addStatements(tx, abandoned, originOf(registration), { config });
    return { state: 'finished' };
  });
}

/** The learner left. Content that said nothing of its end within its grace is abandoned. */
async function finishLeft(
  tx: Transaction,
  launch: LaunchRow,
  needs: Pick<Resources, 'config'>,
  now: Date,
): Promise<FinishPlan> {
  const registration = await lockRegistration(tx, launch.registration_id);
  const open = registration ? await listOpenUnitSessions(tx, { launch_id: launch.id }) : [];
  if (!registration || open.length === 0) return { state: 'finished' };
  const lookAt = (launch.finished_at ?? now).getTime() + graceMs + 1;
  if (lookAt > now.getTime()) return { state: 'open', lookAt };
  const abandoned = await abandonUnits(tx, { launch_id: launch.id }, registration, { ...needs, now });
  await addStatements(tx, abandoned, originOf(registration), needs);
  return { state: 'finished' };
}

const originOf = ({ application_id: applicationId, version_id: id }: RegistrationRow) => ({
  applicationId,
  link: statementLink(id),
});

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
