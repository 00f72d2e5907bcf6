import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import { checkPackage } from '../src/courses/check-package';
import { failImport } from '../src/courses/fail-import';
import { fetchPackage } from '../src/courses/fetch-package';
import { setProgress } from '../src/courses/import-jobs.store';
import type { Progress } from '../src/courses/progress';
import { publishCourse } from '../src/courses/publish-course';
import type { Resources } from '../src/resources';
import { runActivity } from './run-activity';

interface JobInput {
  jobId: string;
}

/** Well under the heartbeat time-out of 8 s, so that one lost beat does not end a living activity. */
const beatMs = 2000;
/** A job's status is asked for by people: once a second is often enough to write it. */
const sayMs = 1000;

export type ImportActivities = ReturnType<typeof createImportActivities>;

export function createImportActivities(resources: Resources) {
  const { config, log } = resources;

  /** Heartbeats for as long as the work lasts, and writes what it says to the job, not more often than once a second. */
  async function withProgress(jobId: string, work: (progress: Progress) => Promise<void>): Promise<void> {
    let written = Date.now();
    const beat = setInterval(() => heartbeat(), beatMs);
    const say = (message: string): void => {
      const now = Date.now();
      if (now - written < sayMs) return;
      written = now;
      setProgress(resources.db, jobId, message).catch((error: unknown) => {
        log.warn({ event: 'import.progress_lost', jobId, error }, 'the job’s status is behind');
      });
    };
    try {
      await work({ say, signal: cancellationSignal() });
    } finally {
      clearInterval(beat);
    }
  }

  return {
    fetchPackage: ({ jobId }: JobInput): Promise<void> => {
      const patienceMs = config.imports.fetchPatienceSeconds * 1000;
      const isLastTry = (): boolean => Date.now() - activityInfo().scheduledTimestampMs >= patienceMs;
      return runActivity({ log, of: { jobId }, isLastTry }, () =>
        withProgress(jobId, (progress) => fetchPackage(jobId, resources, progress)),
      );
    },
    checkPackage: ({ jobId }: JobInput): Promise<void> =>
      runActivity({ log, of: { jobId } }, () =>
        withProgress(jobId, (progress) => checkPackage(jobId, resources, progress)),
      ),
    publishCourse: ({ jobId }: JobInput): Promise<void> =>
      runActivity({ log, of: { jobId } }, () => publishCourse(jobId, resources)),
    failImport: ({ jobId, message }: JobInput & { message: string }): Promise<void> =>
      runActivity({ log, of: { jobId } }, () => failImport(jobId, message, resources)),
  };
}
