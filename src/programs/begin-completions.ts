import type { Transaction } from '../database/connection';
import { enqueue } from '../database/outbox';
import type { CompletionMapping } from './completion-mapping.rules';
import { insertMapping } from './completion-mapping.store';

/**
 * From the commit on completions are made of the application's events, if they are not yet, and a workflow makes those of
 * the events it had stored before, by `mapping` where one is put: what it is changed to afterwards is for later events.
 * Within `changeEnrollments`.
 */
export async function beginCompletions(
  tx: Transaction,
  applicationId: string,
  mapping?: CompletionMapping,
): Promise<void> {
  if (!(await insertMapping(tx, applicationId))) return;
  await enqueue(tx, {
    action: 'start',
    taskQueue: 'enrollments',
    workflowType: 'collectCompletions',
    workflowId: `collect-completions/${applicationId}`,
    args: [{ applicationId, ...(mapping && { mapping }) }],
    searchAttributes: { HubApplicationId: applicationId },
    summary: 'Completions by events from before the first learner, program or mapping',
  });
}
