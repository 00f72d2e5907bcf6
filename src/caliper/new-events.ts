import { v7 as newId } from 'uuid';
import { readActivity } from './activity.rules';
import type { Envelope } from './envelope.rules';
import { microsecondsOf } from './event-time.rules';
import { listKey } from './list-key.rules';
import { searchKey } from './search-key.rules';
import { type Contribution, contributionOf } from './totals.rules';

/** An event that is to be stored, with all that can be known of it before. */
export interface NewEvent {
  /** Its place in the envelope. */
  index: number;
  applicationId: string;
  /** The UUID of its id, in lower case. */
  eventId: string;
  /** Microseconds since 1970. */
  eventTime: bigint;
  actorKey: bigint;
  emailKey: bigint | null;
  /** As JSON: while it waits, the text takes a fraction of what was parsed. */
  data: string;
  contribution: Contribution | undefined;
}

/** What `checkItem` has seen to. */
interface CheckedEvent {
  id: string;
  eventTime: string;
}

export interface NewEntity {
  applicationId: string;
  key: string;
  /** The row for the database, as JSON. */
  row: string;
}

/** An envelope that was judged good. */
export interface NewEnvelope {
  id: string;
  applicationId: string;
  sensor: string;
  /** ISO 8601. */
  sendTime: string;
  events: NewEvent[];
  entities: NewEntity[];
}

export const newEnvelope = (
  applicationId: string,
  envelope: Envelope,
  events: readonly number[],
  entities: readonly number[],
): NewEnvelope => ({
  id: newId(),
  applicationId,
  sensor: envelope.sensor,
  sendTime: envelope.sendTime,
  events: events.map((index) => newEvent(applicationId, envelope, index)),
  entities: entities.map((index) => newEntity(applicationId, envelope, index)),
});

const uuidStart = 'urn:uuid:'.length;

function newEvent(applicationId: string, { data }: Envelope, index: number): NewEvent {
  const item = data[index] as CheckedEvent;
  const activity = readActivity(item);
  const { id = '', email } = activity.learner;
  return {
    index,
    applicationId,
    eventId: item.id.slice(uuidStart).toLowerCase(),
    eventTime: microsecondsOf(item.eventTime),
    actorKey: listKey(applicationId, id),
    emailKey: email === undefined ? null : listKey(applicationId, email.toLowerCase()),
    data: JSON.stringify(item),
    contribution: contributionOf(applicationId, activity, item.eventTime),
  };
}

function newEntity(applicationId: string, { sensor, data }: Envelope, index: number): NewEntity {
  const entity = data[index] as { id: string; type: string };
  const key = searchKey(entity.id);
  const columns = JSON.stringify({ application_id: applicationId, entity_key: key, type: entity.type, sensor });
  return { applicationId, key, row: `${columns.slice(0, -1)},"data":${JSON.stringify(entity)}}` };
}
