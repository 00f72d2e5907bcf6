import { type Caller, requireApplication } from '../applications/caller';
import { notFound } from '../errors';
import type { Resources } from '../resources';
import { isReadable } from './event-programs.store';
import { type EventRow, findEvent } from './events.store';

export const eventMissing = (id: string) => notFound(`There is no event ${id} that you can see.`);

/** The event as it is now. Throws not-found where there is none, it was deleted, or the caller may not read its program. */
export async function getEvent(eventId: string, caller: Caller, { db }: Pick<Resources, 'db'>): Promise<EventRow> {
  const row = await getEvenDeleted(eventId, caller, { db });
  if (row.deleted) throw eventMissing(eventId);
  return row;
}

/** The same for a deleted one too. */
export async function getEvenDeleted(
  eventId: string,
  caller: Caller,
  { db }: Pick<Resources, 'db'>,
): Promise<EventRow> {
  const row = await findEvent(db, eventId);
  if (row && (await isReadable(db, requireApplication(caller), row.program_id))) return row;
  throw eventMissing(eventId);
}
