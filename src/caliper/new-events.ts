import { v7 as newId } from 'uuid';
import type { CompletionReader, ToldCompletion } from '../programs/completion-mapping.rules';
import { readActivity } from './activity.rules';
import type { Envelope } from './envelope.rules';
import { microsecondsOf } from './event-time.rules';
import { findItems, type ItemPlace } from './item-places.rules';
import type { JudgedEnvelope } from './judge-envelope';
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
  /** Of its envelope, and where in it the event begins and ends. While it waits, that is all that is kept of it. */
  json: Buffer;
  start: number;
  end: number;
  contribution: Contribution | undefined;
  completion: ToldCompletion | undefined;
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

/** `json`: what the envelope was read from. `completions`: the application's. */
export function newEnvelope(
  applicationId: string,
  { envelope, events, entities }: Pick<JudgedEnvelope, 'envelope' | 'events' | 'entities'>,
  json: Buffer,
  completions: CompletionReader,
): NewEnvelope {
  const places = findItems(json);
  return {
    id: newId(),
    applicationId,
    sensor: envelope.sensor,
    sendTime: envelope.sendTime,
    events: events.map((index) =>
      newEvent({ applicationId, json, completions }, envelope.data[index], index, places[index]!),
    ),
    entities: entities.map((index) => newEntity(applicationId, envelope, index)),
  };
}

/** An event's JSON. */
export const textOf = ({ json, start, end }: NewEvent): string => json.toString('utf8', start, end);

const uuidStart = 'urn:uuid:'.length;

interface Origin {
  applicationId: string;
  json: Buffer;
  completions: CompletionReader;
}

function newEvent(
  { applicationId, json, completions }: Origin,
  checked: unknown,
  index: number,
  { start, end }: ItemPlace,
): NewEvent {
  const item = checked as CheckedEvent;
  const activity = readActivity(item);
  const { id = '', email } = activity.learner;
  return {
    index,
    applicationId,
    eventId: item.id.slice(uuidStart).toLowerCase(),
    eventTime: microsecondsOf(item.eventTime),
    actorKey: listKey(applicationId, id),
    emailKey: email === undefined ? null : listKey(applicationId, email.toLowerCase()),
    json,
    start,
    end,
    contribution: contributionOf(applicationId, activity, item.eventTime),
    completion: completions.ofActivity(item, activity.learner),
  };
}

function newEntity(applicationId: string, { sensor, data }: Envelope, index: number): NewEntity {
  const entity = data[index] as { id: string; type: string };
  const key = searchKey(entity.id);
  const columns = JSON.stringify({ application_id: applicationId, entity_key: key, type: entity.type, sensor });
  return { applicationId, key, row: `${columns.slice(0, -1)},"data":${JSON.stringify(entity)}}` };
}
