import { createHash } from 'node:crypto';
import { readActivity } from './activity.rules';
import type { Envelope } from './envelope.rules';
import { searchKey } from './search-key.rules';
import { type Contribution, contributionOf } from './totals.rules';

/** An event that is to be stored, with all that can be known of it before. */
export interface NewEvent {
  /** Its place in the envelope. */
  index: number;
  applicationId: string;
  eventId: string;
  /** Of the JSON as it is kept, in hex. */
  hash: string;
  item: unknown;
  /** The row for the database, as JSON. */
  row: string;
  contribution: Contribution | undefined;
}

export interface NewEntity {
  applicationId: string;
  key: string;
  /** The row for the database, as JSON. */
  row: string;
}

/** An envelope that was judged good. */
export interface NewEnvelope {
  events: NewEvent[];
  entities: NewEntity[];
}

export const newEnvelope = (
  applicationId: string,
  envelope: Envelope,
  events: readonly number[],
  entities: readonly number[],
): NewEnvelope => ({
  events: events.map((index) => newEvent(applicationId, envelope, index)),
  entities: entities.map((index) => newEntity(applicationId, envelope, index)),
});

/** Half of SHA-256: nobody makes two texts with the same, and it is kept for every event. */
const hashLength = 32;
const uuidStart = 'urn:uuid:'.length;

interface CheckedEvent {
  id: string;
  type: string;
  profile?: string | null;
  action: string;
  eventTime: string;
}

function newEvent(applicationId: string, { sensor, sendTime, data }: Envelope, index: number): NewEvent {
  const event = data[index] as CheckedEvent; // What checkItem has seen to.
  const text = JSON.stringify(event);
  const activity = readActivity(event);
  const { id = '', email } = activity.learner;
  const eventId = event.id.slice(uuidStart).toLowerCase();
  const hash = createHash('sha256').update(text).digest('hex').slice(0, hashLength);
  const columns = JSON.stringify({
    application_id: applicationId,
    event_id: eventId,
    hash,
    event_time: event.eventTime,
    send_time: sendTime,
    sensor,
    type: event.type,
    profile: event.profile ?? null,
    action: event.action,
    actor_id: id,
    actor_email: email?.toLowerCase() ?? null,
  });
  return {
    index,
    applicationId,
    eventId,
    hash,
    item: event,
    row: `${columns.slice(0, -1)},"data":${text}}`,
    contribution: contributionOf(applicationId, activity, event.eventTime),
  };
}

function newEntity(applicationId: string, { sensor, data }: Envelope, index: number): NewEntity {
  const entity = data[index] as { id: string; type: string };
  const key = searchKey(entity.id);
  const columns = JSON.stringify({ application_id: applicationId, entity_key: key, type: entity.type, sensor });
  return { applicationId, key, row: `${columns.slice(0, -1)},"data":${JSON.stringify(entity)}}` };
}
