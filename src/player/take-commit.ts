import type { Activity } from '../courses/packages/package';
import { present } from '../courses/packages/present';
import type { Transaction } from '../database/connection';
import { outboxChannel } from '../database/outbox';
import { invalid, notFound } from '../errors';
import type { Resources } from '../resources';
import { activityRow } from './activity-row.rules';
import { findActivity } from './activity-tree.rules';
import type { ActivityCommit, Commit, CommitAnswer, Result } from './browser/player-seed';
import { closeSessions } from './close-sessions';
import { type LaunchRow, lockLaunch, updateLaunch } from './launches.store';
import type { Configuration } from './player-settings';
import { isConnected, runtimeOf } from './player-seed';
import { recordStatements } from './record-statements';
import {
  listActivities,
  lockRegistration,
  type RegistrationActivityRow,
  type RegistrationRow,
  upsertActivity,
} from './registrations.store';
import { hasTimedOut, reopenLaunch } from './reopen-launch';
import type { Session } from './sessions';
import { type ActivityRows, settleRegistration } from './settle-registration';
import { endOpenUnitSessions, findLastUnitSession } from './unit-sessions.store';

/**
 * Keeps what happened in a course: run-time data, what it makes of the activity and of the course, and where the learner is, in
 * one transaction. A commit that was kept already (its answer got lost) adds nothing and is answered the same.
 */
export async function takeCommit(
  session: Session,
  commit: Commit,
  { db, wake, config }: Pick<Resources, 'db' | 'wake' | 'config'>,
): Promise<CommitAnswer> {
  const { launch, version, settings } = session;
  const isReopened = { value: false };
  const answer = await db.transaction(async (tx) => {
    const { row, registration } = await lock(tx, launch.id);
    const before = new Map(
      (await listActivities(tx, registration.id)).map((activity) => [activity.activity_id, activity]),
    );
    if (!isNew(commit, row)) return answerOf(registration, before);
    // Content that reports to the server itself is not believed by way of the page, which it could act as.
    const isHeard = !isConnected(runtimeOf(version)) || (commit.activity === undefined && commit.course === undefined);
    if (!isHeard) throw invalid('This course reports in another way.');
    const root = version.structure.rootActivity;
    const changed =
      commit.activity && row.options.tracking !== false
        ? await keepActivity(tx, commit.activity, { registration, before, root, settings })
        : undefined;
    const after = changed ? new Map([...before, [changed.activity_id, changed]]) : before;
    const isTracked = row.options.tracking !== false;
    const settled = await settleRegistration(tx, { registration, version, settings, isTracked, wake }, after, {
      current_activity: commit.current,
      ...present({ course: commit.course, sequencing: commit.sequencing }),
    });
    isReopened.value = await noteCommit(tx, commit, row, { registration, version });
    if (changed) {
      const activity = findActivity(root, changed.activity_id)!;
      const change = { activity, before: before.get(changed.activity_id), after: changed };
      const position = `${commit.opening}/${commit.number}`;
      await recordStatements(tx, [change], { launch: row, registration, version }, position, { config });
    }
    if (commit.leaves && isConnected(runtimeOf(version))) {
      await closeSessions(tx, { launch: row, registration, version }, { config });
    }
    const unitEnded = runtimeOf(version) === 'aicc' ? await endOfLastUnit(tx, row, after) : undefined;
    return { ...answerOf(settled, after), ...present({ unitEnded }) };
  });
  if (isReopened.value) wake(outboxChannel('housekeeping'));
  return answer;
}

async function lock(tx: Transaction, launchId: string): Promise<{ row: LaunchRow; registration: RegistrationRow }> {
  const row = await lockLaunch(tx, launchId);
  const registration = row && (await lockRegistration(tx, row.registration_id));
  if (!row || !registration) throw notFound('The course is not there any more.');
  return { row, registration };
}

/** Pages of one launch follow each other: what an earlier one sends late counts as long as the later one has sent nothing. */
const isNew = ({ opening, number }: Commit, row: LaunchRow): boolean =>
  opening <= row.opening &&
  (opening > row.commit_opening || (opening === row.commit_opening && number > row.commit_number));

interface Keeping {
  registration: RegistrationRow;
  before: ActivityRows;
  root: Activity;
  settings: Configuration;
}

async function keepActivity(
  tx: Transaction,
  { id, session, ended, values, seconds }: ActivityCommit,
  { registration, before, root, settings }: Keeping,
): Promise<RegistrationActivityRow> {
  const activity = findActivity(root, id);
  if (activity?.href === undefined) throw invalid('The course has no such activity.');
  const known = before.get(id);
  const isNewSession = session > (known?.attempts ?? 0);
  const row = activityRow(
    { registration, activity, settings, known },
    {
      cmi: { ...(isNewSession ? {} : known?.cmi), ...values },
      seconds: Math.max(seconds, isNewSession ? (known?.seconds ?? 0) : 0),
      attempts: Math.max(session, known?.attempts ?? 0),
      session_open: !ended,
    },
  );
  await upsertActivity(tx, row);
  return row;
}

/** How the unit ended that was opened last; undefined while it is open. */
async function endOfLastUnit(tx: Transaction, { id }: LaunchRow, rows: ActivityRows): Promise<string | undefined> {
  const unit = await findLastUnitSession(tx, id);
  return unit?.state === 'ended' ? (rows.get(unit.activity_id)?.cmi['cmi.core.exit'] ?? '') : undefined;
}

/** Answers whether a launch that had timed out goes on. */
async function noteCommit(
  tx: Transaction,
  { opening, number, leaves = false }: Commit,
  row: LaunchRow,
  { registration, version }: Pick<Session, 'registration' | 'version'>,
): Promise<boolean> {
  const now = new Date();
  const seen = { commit_opening: opening, commit_number: number, last_seen_at: now };
  const isBack = hasTimedOut(row);
  if (leaves) {
    await updateLaunch(tx, row.id, { ...seen, state: 'finished', finished_at: now, finished_by: 'exit' });
    // An AU's last word is still on its way; where it never comes, the session is abandoned later.
    if (runtimeOf(version) !== 'cmi5') await endOpenUnitSessions(tx, { launch_id: row.id }, now);
  } else {
    await updateLaunch(tx, row.id, seen);
    if (isBack) await reopenLaunch(tx, row, registration.application_id);
  }
  return isBack && !leaves;
}

const resultIn = ({ completion, success, score, progress }: Result): Result => ({
  completion,
  success,
  score,
  progress,
});

const answerOf = (result: Result, rows: ActivityRows): CommitAnswer => ({
  result: resultIn(result),
  activities: Object.fromEntries([...rows.values()].map((row) => [row.activity_id, resultIn(row)])),
});
