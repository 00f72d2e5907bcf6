import { hash } from 'node:crypto';
import { readActivity } from './activity.rules';
import type { Envelope } from './envelope.rules';
import { searchKey } from './search-key.rules';
import { type Contribution, contributionOf } from './totals.rules';

/** An event that is to be stored, with all that can be known of it before. */
export interface NewEvent {
  /** Its place in the envelope. */
  index: number;
  applicationId: string;
  /** The UUID of its id, in lower case. */
  eventId: string;
  /** Of the JSON as it is kept, in hex. */
  hash: string;
  type: string;
  profile: string | null;
  action: string;
  eventTime: string;
  /** As it is searched for, like `actorId` and `actorEmail`; `fullSensor` where that is not all of it. */
  sensor: string;
  fullSensor: string | null;
  sendTime: string;
  actorId: string;
  actorEmail: string | null;
  /** As JSON: while it waits, the text takes a fraction of what was parsed. */
  data: string;
  contribution: Contribution | undefined;
}

/** What `checkItem` has seen to. */
interface CheckedEvent {
  id: string;
  type: string;
  profile?: string | null;
  action: string;
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

function newEvent(applicationId: string, { sensor, sendTime, data }: Envelope, index: number): NewEvent {
  const item = data[index] as CheckedEvent;
  const text = JSON.stringify(item);
  const activity = readActivity(item);
  const { id = '', email } = activity.learner;
  const sensorKey = searchKey(sensor);
  return {
    index,
    applicationId,
    eventId: item.id.slice(uuidStart).toLowerCase(),
    hash: hash('sha256', text, 'hex').slice(0, hashLength),
    type: item.type,
    profile: item.profile ?? null,
    action: item.action,
    eventTime: item.eventTime,
    sensor: sensorKey,
    fullSensor: sensorKey === sensor ? null : sensor,
    sendTime,
    actorId: searchKey(id),
    actorEmail: email === undefined ? null : searchKey(email.toLowerCase()),
    data: text,
    contribution: contributionOf(applicationId, activity, item.eventTime),
  };
}

function newEntity(applicationId: string, { sensor, data }: Envelope, index: number): NewEntity {
  const entity = data[index] as { id: string; type: string };
  const key = searchKey(entity.id);
  const columns = JSON.stringify({ application_id: applicationId, entity_key: key, type: entity.type, sensor });
  return { applicationId, key, row: `${columns.slice(0, -1)},"data":${JSON.stringify(entity)}}` };
}
