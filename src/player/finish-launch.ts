import type { Resources } from '../resources';
import { lockLaunch, updateLaunch } from './launches.store';

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
    return { state: 'finished' };
  });
}
