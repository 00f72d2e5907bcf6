import { type Static, Type } from '@sinclair/typebox';
import { SubscriptionRequest } from '../events/event-subscriptions.schemas';
import { pageQuery } from '../http/hub-paging';
import { passwordPattern, usernamePattern } from './endpoint-address';
import { type EndpointDialect, endpointDialects } from './endpoints.store';

const dateTime = Type.String({ format: 'date-time' });
const nullableDateTime = Type.Union([dateTime, Type.Null()]);

/** The longest spelling is the one that Postgres reads too. */
export const uuidText = Type.String({ format: 'uuid', maxLength: 36 });

export const dialect = Type.Unsafe<EndpointDialect>(
  Type.String({
    enum: [...endpointDialects],
    description:
      'postback: POST of JSON; loep and loep-json: PUT of learning objects, as a form or as JSON; events: POST of changes in the event feed',
  }),
);

const states = ['active', 'paused', 'recovering', 'disabled'] as const;
export type ShownState = (typeof states)[number];
const state = Type.Unsafe<ShownState>(
  Type.String({
    enum: [...states],
    description:
      'paused: by an operator; recovering: it fails as a whole, is held back and probed; disabled: it answered 410 Gone',
  }),
);

const name = Type.String({ maxLength: 255 });
const url = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'http or https; a user and password in it are taken out, as username and password',
});
const username = Type.String({ maxLength: 255, pattern: usernamePattern });
const password = Type.String({ maxLength: 1000, pattern: passwordPattern });
const concurrency = Type.Integer({ minimum: 1, maximum: 100, description: 'Requests to it at a time' });
const rate = Type.Union([Type.Integer({ minimum: 1, maximum: 10_000 }), Type.Null()], {
  description: 'Requests a second at most; null: no limit',
});
const orNull = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()]);

const applicationId = Type.Optional(uuidText);

export const NewEndpoint = Type.Object(
  {
    url,
    dialect,
    name: Type.Optional(name),
    username: Type.Optional(username),
    password: Type.Optional(password),
    concurrency: Type.Optional(concurrency),
    requests_per_second: Type.Optional(rate),
    subscription: Type.Optional(SubscriptionRequest),
    application_id: Type.Optional({
      ...uuidText,
      description: 'Whose it is; to be said with an administrator’s key',
    } as typeof uuidText),
  },
  { additionalProperties: false },
);
export type NewEndpoint = Static<typeof NewEndpoint>;

export const EndpointChange = Type.Object(
  {
    url: Type.Optional(url),
    name: Type.Optional(name),
    username: Type.Optional(orNull(username)),
    password: Type.Optional(orNull(password)),
    concurrency: Type.Optional(concurrency),
    requests_per_second: Type.Optional(rate),
  },
  { additionalProperties: false, description: 'What is left out stays; null takes credentials away' },
);
export type EndpointChange = Static<typeof EndpointChange>;

export const Endpoint = Type.Object({
  id: uuidText,
  application_id: uuidText,
  dialect,
  name: Type.String(),
  url: Type.String({ description: 'Without credentials; of an implicit one the origin' }),
  origin: Type.String({ description: 'Scheme, host and port' }),
  implicit: Type.Boolean({ description: 'Made by postback URLs of requests: it stands for all of one origin' }),
  username: Type.Union([Type.String(), Type.Null()]),
  has_password: Type.Boolean(),
  concurrency: Type.Integer(),
  requests_per_second: Type.Union([Type.Integer(), Type.Null()]),
  state,
  health: Type.Object({
    failures: Type.Integer({ description: 'Deliveries whose first attempt failed since the last success' }),
    failing_since: nullableDateTime,
    last_failure: Type.Union([Type.String(), Type.Null()]),
    dying: Type.Boolean({ description: 'A delivery has died since the last success' }),
    failed_probes: Type.Integer(),
    next_probe_at: nullableDateTime,
    held_until: Type.Union([dateTime, Type.Null()], { description: 'It asked for a rest (Retry-After)' }),
  }),
  unfinished: Type.Optional(
    Type.Integer({ description: 'Deliveries that are still to arrive, counted up to 1,000; not in lists' }),
  ),
  created_at: dateTime,
  updated_at: dateTime,
});
export type Endpoint = Static<typeof Endpoint>;

const signingSecret = Type.String({ description: 'whsec_…, shown this once (Standard Webhooks)' });
export const EndpointWithSecret = Type.Intersect([Endpoint, Type.Object({ signing_secret: signingSecret })]);
export type EndpointWithSecret = Static<typeof EndpointWithSecret>;

export const EndpointPath = Type.Object({ endpointId: uuidText });

export const EndpointQuery = Type.Object({
  ...pageQuery,
  dialect: Type.Optional(dialect),
  state: Type.Optional(state),
  application_id: applicationId,
});

export const EndpointList = Type.Object({ endpoints: Type.Array(Endpoint), next: Type.Optional(Type.String()) });

export const SecretRotation = Type.Object(
  {
    overlap_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 7 * 24 * 3600,
        default: 24 * 3600,
        description: 'How long the former secret signs beside the new one',
      }),
    ),
  },
  { additionalProperties: false },
);

export const TestRequest = Type.Object(
  {
    payload: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'What is sent; a loep dialect wants {id_loep, id_repository, lo}. A sample unless given',
      }),
    ),
    learning_object_id: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Instead of a payload, for a loep dialect: what this learning object is now',
      }),
    ),
    subject: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description: 'Tests of one subject arrive in order; a subject of its own unless given',
      }),
    ),
  },
  { additionalProperties: false },
);
export type TestRequest = Static<typeof TestRequest>;

/** What a test of the loep dialects sends. */
export const LoepPayload = Type.Object({
  id_loep: Type.Integer({ minimum: 0 }),
  id_repository: Type.String({ minLength: 1, maxLength: 255 }),
  lo: Type.Object({}),
});
