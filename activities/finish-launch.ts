import { finishLaunch, type FinishPlan } from '../src/player/finish-launch';
import type { Resources } from '../src/resources';
import { runActivity } from './run-activity';

export type FinishLaunchActivities = ReturnType<typeof createFinishLaunchActivities>;

export function createFinishLaunchActivities(resources: Resources) {
  const { log } = resources;
  return {
    /** `now` is the workflow's time: this machine's clock may be behind it, and then nothing would be due yet. */
    finishIdleLaunch: ({ launchId, now }: { launchId: string; now: number }): Promise<FinishPlan> =>
      runActivity({ log, of: { launchId } }, () =>
        finishLaunch(launchId, resources, new Date(Math.max(now, Date.now()))),
      ),
  };
}
