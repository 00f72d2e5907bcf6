import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { ImportActivities } from '../activities/import-course';

export interface ImportCourseInput {
  jobId: string;
  /** Whether the file has still to be fetched. */
  fetch: boolean;
}

const state = defineSearchAttributeKey('HubState', SearchAttributeType.KEYWORD);

/** A dead worker is noticed by its missing heartbeats; what can pass is tried again soon, then every half minute. */
const long = {
  heartbeatTimeout: '8 s',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1 s', backoffCoefficient: 1.5, maximumInterval: '30 s' },
} as const;
const { fetchPackage } = proxyActivities<ImportActivities>({ ...long, startToCloseTimeout: '3 hours' });
const { checkPackage } = proxyActivities<ImportActivities>({ ...long, startToCloseTimeout: '2 hours' });

/**
 * Short transactions (their locks give up after 10 s), tried until the database takes them: a job must end, whatever
 * happens. They send no heartbeats, so the time-out is also how long a dead worker goes unnoticed.
 */
const { publishCourse, failImport } = proxyActivities<ImportActivities>({
  startToCloseTimeout: '15 s',
  retry: { initialInterval: '1 s', backoffCoefficient: 1.5, maximumInterval: '30 s' },
});

/**
 * Imports one course: fetch (where the file is not here yet), read and check, publish. Every activity may run twice. A
 * package that cannot be a course ends the job in ERROR and this workflow well: nobody has to operate on it.
 */
export async function importCourse({ jobId, fetch }: ImportCourseInput): Promise<{ status: 'COMPLETE' | 'ERROR' }> {
  try {
    if (fetch) {
      setCurrentDetails('Fetching the file.');
      await fetchPackage({ jobId });
    }
    setCurrentDetails('Reading and checking the package.');
    await checkPackage({ jobId });
    setCurrentDetails('Publishing the version.');
    await publishCourse({ jobId });
    return finish('COMPLETE', 'Imported; the job has the result.');
  } catch (error) {
    const message = reasonOf(error);
    await CancellationScope.nonCancellable(() => failImport({ jobId, message }));
    return finish('ERROR', message);
  }
}

function finish(status: 'COMPLETE' | 'ERROR', details: string): { status: 'COMPLETE' | 'ERROR' } {
  upsertSearchAttributes([{ key: state, value: status }]);
  setCurrentDetails(details);
  return { status };
}

/** A sentence for the course's author: an activity's own words, or why there are none. */
function reasonOf(error: unknown): string {
  if (isCancellation(error)) return 'The import was cancelled by an operator; start it again.';
  if (!(error instanceof ActivityFailure)) throw error;
  return error.cause instanceof ApplicationFailure
    ? error.cause.message
    : 'The hub could not finish this import within a day; start it again.';
}
