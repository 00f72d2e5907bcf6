import type { Secrets } from '../secrets';
import type { Attempt, Delivery, DeliveryWithAttempts } from './deliveries.schemas';
import type { AttemptDetails, DeliveryDetails, ListedDelivery } from './delivery-list.store';

const text = (date: Date | null): string | null => date?.toISOString() ?? null;

/** A delivery as the hub API lists it. */
export const presentDelivery = (row: ListedDelivery): Delivery => ({
  id: row.id,
  endpoint_id: row.endpoint_id,
  application_id: row.application_id,
  dialect: row.dialect,
  origin: row.origin,
  subject: { kind: row.subject_kind, id: row.subject_id },
  state: row.state,
  attempts: row.attempts,
  replayed: row.replayed_after !== null,
  created_at: row.created_at.toISOString(),
  first_attempt_at: text(row.first_attempt_at),
  next_attempt_at: text(row.next_attempt_at),
  finished_at: text(row.finished_at),
});

/** With what was sent and answered. A URL's query may hold a secret, as its user and password do. */
export function presentWithAttempts(
  row: DeliveryDetails,
  attempts: readonly AttemptDetails[],
  secrets: Secrets,
): DeliveryWithAttempts {
  const { origin, pathname } = new URL(secrets.decrypt(row.url));
  return {
    ...presentDelivery(row),
    url: `${origin}${pathname}`,
    payload: row.payload,
    attempts_made: attempts.map(presentAttempt),
  };
}

const presentAttempt = (row: AttemptDetails): Attempt => ({
  number: row.number,
  attempted_at: row.attempted_at.toISOString(),
  status: row.status,
  latency_ms: row.latency_ms,
  answer: row.answer,
  error: row.error,
  request: row.request,
});
