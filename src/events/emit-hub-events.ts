import type { Transaction } from '../database/connection';

/** The hub's own event types, as the registry is seeded with them. */
export type HubEventType =
  | 'HUB_IMPORT_COMPLETED'
  | 'HUB_IMPORT_FAILED'
  | 'HUB_ENDPOINT_FAILING'
  | 'HUB_ENDPOINT_HELD'
  | 'HUB_ENDPOINT_DISABLED'
  | 'HUB_ENDPOINT_RECOVERED'
  | 'HUB_ENDPOINT_DYING'
  | 'HUB_SCORES_CHANGED'
  | `HUB_ENROLLMENT_${EnrollmentEvent}`;

type EnrollmentEvent =
  | 'CREATED'
  | 'REMINDED'
  | 'STEP_COMPLETED'
  | 'STEP_OVERDUE'
  | 'OVERDUE'
  | 'COMPLETED'
  | 'EXPIRED'
  | 'RE_ENROLLED'
  | 'REMOVED'
  | 'DATES_CHANGED';

export interface HubEvent {
  /** Its reserved program is where the event shows. */
  applicationId: string;
  type: HubEventType;
  /** Whom or what it is about, up to 200 characters; the hub itself unless told. */
  memberId?: string;
  data: object;
  at: Date;
}

/** To be woken after the commit, so that the events are moved to the feed at once. */
export const hubEventsChannel = 'hub_events';

/**
 * Writes events of the hub's own in the transaction of what they tell of; the relay moves them to the feed, once, after its
 * commit. (The feed's lock must not be held by transactions that do more than append to it.)
 */
export async function emitHubEvents(tx: Transaction, events: readonly HubEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ applicationId, type, memberId = 'hub', data, at }, nth) => ({
    nth,
    application_id: applicationId,
    event_type: type,
    member_id: memberId,
    happened_at: at,
    data,
  }));
  await tx.raw(
    `insert into hub_events (application_id, event_type, member_id, happened_at, data)
     select application_id, event_type, member_id, happened_at, data
     from json_to_recordset(:rows) as e (nth integer, application_id uuid, event_type text, member_id text,
       happened_at timestamptz, data json)
     order by nth`,
    { rows: JSON.stringify(rows) },
  );
}
