import { type Static, Type } from '@sinclair/typebox';
import { ProgramId } from './event-programs.schemas';
import { EventTypeName } from './event-types.schemas';

const scalar = Type.Union([Type.String({ maxLength: 1000 }), Type.Number(), Type.Boolean(), Type.Null()]);

const programs = Type.Union([Type.Array(ProgramId, { minItems: 1, maxItems: 100, uniqueItems: true }), Type.Null()], {
  description: 'Null or left out: all that the application may read',
});
const types = Type.Union([Type.Array(EventTypeName, { minItems: 1, maxItems: 100, uniqueItems: true }), Type.Null()], {
  description: 'Null or left out: all',
});
const filter = Type.Record(
  Type.String({ maxLength: 500 }),
  Type.Union([scalar, Type.Array(scalar, { minItems: 1, maxItems: 100 })]),
  {
    maxProperties: 20,
    description:
      'What an event has to have: a member, as EventData.courseId, and its value, or a list of those it may have',
  },
);
const from = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'now, beginning, or the `next` of a page of the feed: from where on changes are sent',
});

/** What an endpoint of the dialect events is told of. */
export const SubscriptionRequest = Type.Object(
  {
    programs: Type.Optional(programs),
    types: Type.Optional(types),
    filter: Type.Optional(filter),
    from: Type.Optional(from),
  },
  { additionalProperties: false },
);
export type SubscriptionRequest = Static<typeof SubscriptionRequest>;

export const Subscription = Type.Object({
  programs,
  types,
  filter,
  next: Type.String({ description: 'Everything before this cursor of the feed is queued, or is not for it' }),
});
export type Subscription = Static<typeof Subscription>;
