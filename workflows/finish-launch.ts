import { proxyActivities, setCurrentDetails, sleep } from '@temporalio/workflow';
import type { FinishLaunchActivities } from '../activities/finish-launch';

export interface FinishLaunchInput {
  launchId: string;
}

const { finishIdleLaunch } = proxyActivities<FinishLaunchActivities>({
  startToCloseTimeout: '60 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** Waits until nothing is heard of a launch any more, and finishes it. One that the learner leaves is found finished. */
export async function finishLaunch(input: FinishLaunchInput): Promise<void> {
  for (;;) {
    const plan = await finishIdleLaunch({ ...input, now: Date.now() });
    if (plan.state === 'finished') return;
    setCurrentDetails(`Open. Finished at ${new Date(plan.lookAt).toISOString()} unless something is heard of it.`);
    await sleep(Math.max(1, plan.lookAt - Date.now()));
  }
}
