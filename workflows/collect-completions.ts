import { continueAsNew, proxyActivities, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import type { EnrollmentLifecycleActivities } from '../activities/enrollment-lifecycle';
import type { Collection, CollectionPlace } from '../src/programs/collect-completions';

/** Without a place it is to begin. */
export type CollectCompletionsInput = Omit<Collection, 'place'> & Partial<Pick<Collection, 'place'>>;

const { startCollection, collectSome } = proxyActivities<EnrollmentLifecycleActivities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** An api asks events by a mapping that may be a second old. */
const untilMappingIsKnown = '2 seconds';

/** Makes completions of the events that an application had stored before it had a learner, a program or a mapping. */
export async function collectCompletions(input: CollectCompletionsInput): Promise<void> {
  let place: CollectionPlace | null = input.place ?? (await begin(input));
  while (place !== null) {
    setCurrentDetails(describe(place));
    place = await collectSome({ ...input, place });
    if (place !== null && workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof collectCompletions>({ ...input, place });
  }
  setCurrentDetails('All events from before have been asked what they complete.');
}

async function begin({ mapping }: CollectCompletionsInput): Promise<CollectionPlace> {
  setCurrentDetails('Waiting for events that are being stored.');
  if (mapping !== undefined) await sleep(untilMappingIsKnown);
  return startCollection();
}

const describe = ({ at }: CollectionPlace): string =>
  at.door === 'events'
    ? `Reading the event store${at.programId === '' ? '' : `, program ${at.programId}`}.`
    : `Reading Caliper events${at.after === undefined ? '' : ` from before ${at.after.eventTime}`}.`;
