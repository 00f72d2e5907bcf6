import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Resources } from '../resources';
import { failImport } from './fail-import';
import { listSilentJobs } from './import-jobs.store';

/** A job whose workflow waits for its turn, or retries, may be silent for long; this only decides whom to look at. */
const silenceMs = 3600 * 1000;
const maxJobs = 500;

/**
 * An operator can terminate an import's workflow in the Temporal Web UI; the workflow cannot end its job then. Ends such
 * jobs in ERROR, so that none says RUNNING for ever. Answers how many.
 */
export async function endStoppedImports(
  now: Date,
  resources: Pick<Resources, 'db' | 'wake' | 'secrets' | 'content'>,
  client: Client,
): Promise<number> {
  const jobs = await listSilentJobs(resources.db, new Date(now.getTime() - silenceMs), maxJobs);
  let ended = 0;
  for (const jobId of jobs) {
    if (!(await isStopped(client, jobId))) continue;
    await failImport(jobId, 'The import was stopped by an operator; start it again.', resources);
    ended += 1;
  }
  return ended;
}

/** Whether the workflow was there and is not running. One that is not known yet still waits in the outbox. */
async function isStopped(client: Client, jobId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(`import/${jobId}`).describe();
    return status.name !== 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
