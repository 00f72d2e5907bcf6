import type { Transaction } from '../database/connection';
import { enqueue } from '../database/outbox';
import { finishWork } from './finish-work';
import { type LaunchRow, updateLaunch } from './launches.store';
import { reopenUnitSessions } from './unit-sessions.store';

/** Whether a launch timed out: it goes on when it is heard of again. */
export const hasTimedOut = ({ state, finished_by }: LaunchRow): boolean =>
  state === 'finished' && finished_by === 'timeout';

/** Opens a launch that had timed out, with the unit sessions that ended with it. The launch and its registration are locked. */
export async function reopenLaunch(tx: Transaction, launch: LaunchRow, applicationId: string): Promise<void> {
  await updateLaunch(tx, launch.id, { state: 'open', finished_at: null, finished_by: null });
  if (launch.finished_at) await reopenUnitSessions(tx, launch.id, launch.finished_at);
  await enqueue(tx, finishWork(launch.id, applicationId));
}
