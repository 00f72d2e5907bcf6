import { heartbeat } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { makeMonthsAhead } from '../src/caliper/event-months';
import { removeOldEvents as removeOldCaliperEvents } from '../src/caliper/remove-old-events';
import { removeCourse } from '../src/courses/delete-course';
import { deleteFinishedJobs } from '../src/courses/import-jobs.store';
import { sweepImports } from '../src/courses/sweep-imports';
import { removeEndpoint } from '../src/deliveries/delete-endpoint';
import { removeOldDeliveries } from '../src/deliveries/remove-old-deliveries';
import { ensurePartitions, removeOldEvents } from '../src/events/keep-feed';
import { deleteUnopened } from '../src/player/launches.store';
import type { Resources } from '../src/resources';
import { listReleased } from '../src/storage/blobs.store';
import { collectBlobs } from '../src/storage/collect-blobs';
import { removeOrphans } from '../src/storage/remove-orphans';
import { runActivity } from './run-activity';

const batchSize = 500;
/** Batches a run does at the most: the next run goes on. */
const maxBatches = 200;

export type HousekeepingActivities = ReturnType<typeof createHousekeepingActivities>;

export function createHousekeepingActivities(resources: Resources, client: Client) {
  const { db, log, config } = resources;

  /** Repeats a batch until it finds nothing more to do. */
  async function inBatches(batch: () => Promise<number>): Promise<number> {
    let done = 0;
    for (let round = 0; round < maxBatches; round += 1) {
      const count = await batch();
      heartbeat();
      done += count;
      if (count === 0) break;
    }
    return done;
  }

  return {
    removeCourse: ({ courseId }: { courseId: string }): Promise<void> =>
      runActivity({ log, of: { courseRow: courseId } }, () => removeCourse(courseId, resources)),

    /** Answers whether all is gone. */
    removeEndpoint: ({ endpointId }: { endpointId: string }): Promise<boolean> =>
      runActivity({ log, of: { endpointId } }, () => removeEndpoint(endpointId, resources, () => heartbeat())),

    collectContent: ({ blobs }: { blobs: string[] }): Promise<number> =>
      runActivity({ log, of: {} }, () => collectBlobs(blobs, resources)),

    sweepImports: (): Promise<number> =>
      runActivity({ log, of: {} }, () => sweepImports(new Date(), resources, client)),

    removeExpiredJobs: (): Promise<number> => {
      const before = new Date(Date.now() - config.imports.jobRetentionSeconds * 1000);
      return runActivity({ log, of: {} }, () => inBatches(() => deleteFinishedJobs(db, before, batchSize)));
    },

    /** Launches that nobody opened, a day after their links expired. */
    removeUnopenedLaunches: (): Promise<number> => {
      const before = new Date(Date.now() - 24 * 3600 * 1000);
      return runActivity({ log, of: {} }, () => inBatches(() => deleteUnopened(db, before, batchSize)));
    },

    removeOldDeliveries: (): Promise<number> => {
      const before = new Date(Date.now() - config.deliveries.retentionSeconds * 1000);
      return runActivity({ log, of: {} }, () => removeOldDeliveries(before, resources, () => heartbeat()));
    },

    /** Partitions of the event feed: those to come, and those that are too old. */
    keepFeed: (): Promise<number> => {
      const now = new Date();
      const { retentionDays: days } = config.events;
      return runActivity({ log, of: {} }, async () => {
        await ensurePartitions(db, now);
        return removeOldEvents({ now, days }, db, () => heartbeat());
      });
    },

    /** Partitions of this month and the next. */
    prepareCaliperEvents: (): Promise<void> => runActivity({ log, of: {} }, () => makeMonthsAhead(db, new Date())),

    removeOldCaliperEvents: (): Promise<number> => {
      const { retentionDays } = config.caliper;
      const before = new Date(retentionDays === 0 ? 0 : Date.now() - retentionDays * 24 * 3600 * 1000);
      return runActivity({ log, of: {} }, () => removeOldCaliperEvents(before, resources, () => heartbeat()));
    },

    /** What a process left undone when it died between dropping a reference and collecting. */
    collectReleasedContent: (): Promise<number> => {
      const before = new Date(Date.now() - 60_000);
      return runActivity({ log, of: {} }, () =>
        inBatches(async () => {
          const keys = await listReleased(db, before, batchSize);
          await collectBlobs(keys, resources);
          return keys.length;
        }),
      );
    },

    removeOrphans: (): Promise<number> =>
      runActivity({ log, of: {} }, () => removeOrphans(resources, new Date(), () => heartbeat())),
  };
}
