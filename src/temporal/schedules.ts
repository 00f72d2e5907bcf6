import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';

const housekeepingId = 'housekeeping';

/** Sees that the tidying up happens every hour, one run at a time; brings an existing schedule up to date. */
export async function ensureSchedules(client: Client): Promise<void> {
  const spec = { intervals: [{ every: '1 hour' as const }] };
  const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 hour' as const };
  const action = {
    type: 'startWorkflow' as const,
    workflowType: 'housekeeping',
    workflowId: 'housekeeping',
    taskQueue: 'housekeeping',
    staticSummary: 'Retention and collection of unused content',
  };
  try {
    await client.schedule.create({ scheduleId: housekeepingId, spec, policies, action });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(housekeepingId).update(({ state }) => ({ spec, policies, action, state }));
  }
}
