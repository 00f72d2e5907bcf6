import type { OutboxEntry } from '../database/outbox';

export const finishWorkflowId = (launchId: string): string => `launch/${launchId}`;

/** What Temporal is to do for a launch that was opened: finish it when nothing is heard of it any more. */
export const finishWork = (launchId: string, applicationId: string): OutboxEntry => ({
  action: 'start',
  taskQueue: 'housekeeping',
  workflowType: 'finishLaunch',
  workflowId: finishWorkflowId(launchId),
  args: [{ launchId }],
  searchAttributes: { HubApplicationId: applicationId, HubState: 'open' },
  summary: 'Finishes a launch that nobody left',
});
