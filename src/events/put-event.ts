import type { Caller } from '../applications/caller';
import { conflict, invalid, preconditionFailed } from '../errors';
import { getCompletionReader } from '../programs/completion-mapping';
import type { Resources } from '../resources';
import { checkEventType } from './check-event-type';
import { canonicalData, hashEvent, maxDataBytes, readEvent } from './events.rules';
import type { NewEvent } from './events.schemas';
import type { ChangeResult, EventChange } from './events.store';
import { requirePublisher } from './program-rights';

/** What the caller says has to be there, or must not be (RFC 9110 13.1). */
export type Preconditions = Pick<EventChange, 'if_match' | 'if_none_match'>;

type Needs = Pick<Resources, 'programs' | 'eventTypes' | 'events' | 'config' | 'completionMappings'>;

/** Creates or updates an event; the same content again is no change. Resolves once it is committed, with its revision. */
export async function putEvent(
  {
    eventId,
    body,
    caller,
    preconditions,
  }: { eventId: string; body: NewEvent; caller: Caller; preconditions: Preconditions },
  { events, ...needs }: Needs,
): Promise<number> {
  const applicationId = await requirePublisher(caller, body.ProgramId, needs);
  const read = readEvent(eventId, body);
  if ('problems' in read) throw invalid('The event is not as it should be.', { details: read.problems });
  const { content } = read;
  const canonical = canonicalData(content.data);
  if (Buffer.byteLength(canonical) > maxDataBytes) {
    const details = [{ path: 'EventData', message: `may be up to ${maxDataBytes} bytes` }];
    throw invalid('The event is not as it should be.', { details });
  }
  await checkEventType(content.type, content.data, needs);
  const told = (await getCompletionReader(applicationId, needs)).ofEvent(body);
  const result = await events.write({
    id: eventId,
    program_id: content.programId,
    deleted: false,
    hash: `\\x${hashEvent(content, canonical)}`,
    event_type: content.type,
    member_id: content.memberId,
    starts_at: content.startsAt,
    ends_at: content.endsAt,
    data: content.data,
    reference_id: content.referenceId,
    ...preconditions,
    ...(told && { completion: { application_id: applicationId, ...told } }),
  });
  assertTaken(result, eventId);
  return result.revision ?? 1;
}

/** Throws for a change that was not made because of what is there. */
export function assertTaken({ outcome, revision }: ChangeResult, eventId: string): void {
  if (outcome === 'other-program') {
    throw conflict(`The id ${eventId} is taken by an event of another program.`, { code: 'event_of_other_program' });
  }
  if (outcome === 'precondition') {
    throw preconditionFailed(
      revision === null
        ? 'The event is not there.'
        : `The event is at revision ${revision}. Read it again, and decide whether your change still fits.`,
    );
  }
}
