import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { HousekeepingActivities } from '../activities/housekeeping';

const {
  collectReleasedContent,
  keepFeed,
  prepareCaliperEvents,
  removeOldCaliperEvents,
  removeOrphans,
  removeExpiredJobs,
  removeOldDeliveries,
  removeUnopenedLaunches,
  sweepImports,
} = proxyActivities<HousekeepingActivities>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '10 s', maximumInterval: '5 minutes', maximumAttempts: 5 },
});

/** What has to be tidied up now and then, by a schedule. Each step does a bounded amount; the next run goes on. */
export async function housekeeping(): Promise<void> {
  setCurrentDetails('Looking after imports whose workflow was stopped or lost.');
  await sweepImports();
  setCurrentDetails('Removing import jobs that ended more than a week ago.');
  await removeExpiredJobs();
  setCurrentDetails('Removing deliveries that are finished and old.');
  await removeOldDeliveries();
  setCurrentDetails('Removing launches that nobody opened.');
  await removeUnopenedLaunches();
  setCurrentDetails('Making partitions of the event feed, and removing old ones.');
  await keepFeed();
  setCurrentDetails('Making room for Caliper events, and removing those past their time.');
  await prepareCaliperEvents();
  await removeOldCaliperEvents();
  setCurrentDetails('Removing content that nothing uses any more.');
  await collectReleasedContent();
  await removeOrphans();
  setCurrentDetails('Done.');
}
