import { type Static, Type } from '@sinclair/typebox';
import { pageQuery } from '../http/hub-paging';
import { type DeliveryState, deliveryStates, type SubjectKind, subjectKinds } from './deliveries.rules';
import { dialect, uuidText } from './endpoints.schemas';

const dateTime = Type.String({ format: 'date-time' });
const nullableDateTime = Type.Union([dateTime, Type.Null()]);
const nullableText = Type.Union([Type.String(), Type.Null()]);

const oneOf = <T extends string>(values: readonly T[], description?: string) =>
  Type.Unsafe<T>(Type.String({ enum: [...values], ...(description !== undefined && { description }) }));

const state = oneOf<DeliveryState>(
  deliveryStates,
  'pending: goes out next; blocked: waits for an older one of its subject; retrying: waits after a failure; the others are final',
);
const subjectKind = oneOf<SubjectKind>(subjectKinds);

const delivery = {
  id: uuidText,
  endpoint_id: uuidText,
  application_id: uuidText,
  dialect,
  origin: Type.String({ description: 'The endpoint’s' }),
  subject: Type.Object({ kind: subjectKind, id: Type.String() }),
  state,
  attempts: Type.Integer({ description: 'Made so far' }),
  replayed: Type.Boolean({ description: 'Somebody asked for it again: it goes out of order' }),
  created_at: dateTime,
  first_attempt_at: nullableDateTime,
  next_attempt_at: nullableDateTime,
  finished_at: nullableDateTime,
};

export const Delivery = Type.Object(delivery);
export type Delivery = Static<typeof Delivery>;

export const Attempt = Type.Object({
  number: Type.Integer(),
  attempted_at: dateTime,
  status: Type.Union([Type.Integer(), Type.Null()], { description: 'Null: there was no answer, see error' }),
  latency_ms: Type.Integer(),
  answer: Type.Union([Type.String(), Type.Null()], { description: 'The beginning of the answer’s body' }),
  error: nullableText,
  request: Type.Union([Type.String(), Type.Null()], {
    description: 'The beginning of what was sent, where that was computed for this attempt',
  }),
});
export type Attempt = Static<typeof Attempt>;

export const DeliveryWithAttempts = Type.Object({
  ...delivery,
  url: Type.String({ description: 'Where it goes, without credentials and query' }),
  payload: Type.Union([Type.String(), Type.Null()], {
    description: 'As it is sent, byte for byte; null: computed when it is sent',
  }),
  attempts_made: Type.Array(Attempt, { description: 'The last 100, in their order' }),
});
export type DeliveryWithAttempts = Static<typeof DeliveryWithAttempts>;

export const DeliveryPath = Type.Object({ deliveryId: uuidText });

const time = (description: string) => Type.String({ minLength: 1, maxLength: 50, description });
const since = time('Queued at this time or later (RFC 3339)');
const until = time('Queued at this time or before (RFC 3339)');

export const DeliveryQuery = Type.Object({
  ...pageQuery,
  endpoint_id: Type.Optional(uuidText),
  state: Type.Optional(state),
  subject_kind: Type.Optional(subjectKind),
  subject_id: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  since: Type.Optional(since),
  until: Type.Optional(until),
  application_id: Type.Optional(uuidText),
});
export type DeliveryQuery = Static<typeof DeliveryQuery>;

export const DeliveryList = Type.Object({ deliveries: Type.Array(Delivery), next: Type.Optional(Type.String()) });

const bulk = {
  endpoint_id: Type.Optional(uuidText),
  application_id: Type.Optional(uuidText),
  until: Type.Optional(until),
  after: pageQuery.after,
};

export const ReplayRequest = Type.Object(
  {
    ...bulk,
    since,
    state: Type.Optional(
      oneOf(
        ['dead', 'cancelled', 'delivered'] as const,
        'Unless given: all three of an endpoint; without an endpoint the dead ones',
      ),
    ),
  },
  { additionalProperties: false },
);
export type ReplayRequest = Static<typeof ReplayRequest>;

export const CancelRequest = Type.Object(
  {
    ...bulk,
    since: Type.Optional(since),
    state: Type.Optional(oneOf(['pending', 'blocked', 'retrying'] as const, 'Unless given: all three')),
  },
  { additionalProperties: false, description: 'An endpoint, a time since when, or both have to be given' },
);
export type CancelRequest = Static<typeof CancelRequest>;

const complete = Type.Boolean({ description: 'False: call again with `next` as `after`' });
const next = Type.Optional(Type.String());

export const ReplayResult = Type.Object({ replayed: Type.Integer(), complete, next });
export const CancelResult = Type.Object({ cancelled: Type.Integer(), complete, next });
