import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { enqueue, isEnqueued, outboxChannel } from '../database/outbox';
import type { Resources } from '../resources';
import { failImport } from './fail-import';
import { importWork, workflowIdOf } from './import-work';
import { type ImportJobRow, listSilentJobs } from './import-jobs.store';

/** A job whose workflow waits for its turn, or retries, may be silent for long; this only decides whom to look at. */
const silenceMs = 3600 * 1000;
const maxJobs = 500;

type Needs = Pick<Resources, 'db' | 'wake' | 'secrets' | 'content'>;

/**
 * Sees that no job says RUNNING for ever. An operator can terminate an import's workflow in the Temporal Web UI: its job ends
 * in ERROR. Temporal can lose a workflow (its database was restored from a backup): the import is started again. Answers how
 * many jobs needed it.
 */
export async function sweepImports(now: Date, needs: Needs, client: Client): Promise<number> {
  const jobs = await listSilentJobs(needs.db, new Date(now.getTime() - silenceMs), maxJobs);
  let mended = 0;
  for (const job of jobs) {
    const state = await stateOf(job, needs, client);
    if (state === 'alive') continue;
    mended += 1;
    if (state === 'lost') await startAgain(job, needs);
    else await failImport(job.id, 'The import was stopped by an operator; start it again.', needs);
  }
  return mended;
}

async function stateOf(job: ImportJobRow, { db }: Needs, client: Client): Promise<'alive' | 'stopped' | 'lost'> {
  const workflowId = workflowIdOf(job.id);
  // Before Temporal is asked: a row that leaves the outbox in between has its workflow by then.
  if (await isEnqueued(db, workflowId)) return 'alive';
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING' ? 'alive' : 'stopped';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'lost';
    throw error;
  }
}

async function startAgain(job: ImportJobRow, { db, wake }: Needs): Promise<void> {
  await db.transaction((tx) => enqueue(tx, importWork(job)));
  wake(outboxChannel('imports'));
}
