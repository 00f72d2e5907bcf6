import type { Caller } from '../applications/caller';
import type { Resources } from '../resources';
import { eventMissing, getEvent } from './get-event';
import { requirePublisher } from './program-rights';
import { assertTaken, type Preconditions } from './put-event';

/** Deletes an event, which leaves a tombstone in the feed. Throws not-found when there is none, or no longer. */
export async function deleteEvent(
  { eventId, caller, preconditions }: { eventId: string; caller: Caller; preconditions: Preconditions },
  { db, programs, events }: Pick<Resources, 'db' | 'programs' | 'events'>,
): Promise<void> {
  const { program_id } = await getEvent(eventId, caller, { db });
  await requirePublisher(caller, program_id, { programs });
  const result = await events.write({ id: eventId, program_id, deleted: true, ...preconditions });
  if (result.outcome === 'missing') throw eventMissing(eventId);
  assertTaken(result, eventId);
}
