import { type Static, Type } from '@sinclair/typebox';
import type { LaunchMode } from './cmi5-terms.rules';

const tags = Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: 100 }));
const webAddress = Type.String({ maxLength: 2000 });

/** LaunchLinkRequestSchema of the vendor's client; `launchMode` is of the hub's own. */
export const LaunchLinkRequest = Type.Object({
  expiry: Type.Optional(
    Type.Integer({ minimum: 10, maximum: 300, default: 120, description: 'Seconds for which the link can be opened' }),
  ),
  redirectOnExitUrl: Type.Optional(
    Type.String({
      maxLength: 2000,
      description: 'A URL, or closer, blank or message; empty: as the course is configured',
    }),
  ),
  tracking: Type.Optional(Type.Boolean({ default: true, description: 'Whether what the learner does is kept' })),
  launchMode: Type.Optional(
    Type.Unsafe<LaunchMode>(
      Type.String({
        enum: ['Normal', 'Browse', 'Review'],
        description:
          'Of cmi5 courses: in Browse and Review, units say nothing of results. As the units’ results ask, unless told',
      }),
    ),
  ),
  startSco: Type.Optional(Type.String({ maxLength: 255, description: 'The item to begin with, by its identifier' })),
  culture: Type.Optional(Type.String({ maxLength: 35, pattern: '^[A-Za-z0-9_-]*$', description: 'en-US' })),
  cssUrl: Type.Optional(webAddress),
  learnerTags: tags,
  courseTags: tags,
  registrationTags: tags,
  additionalvalues: Type.Optional(
    Type.Array(Type.Object({ item: Type.String({ maxLength: 255 }), value: Type.String({ maxLength: 2000 }) }), {
      maxItems: 100,
      description: 'Query parameters that are added to the content’s address',
    }),
  ),
  launchAuth: Type.Optional(
    Type.Object({
      type: Type.Optional(Type.Union([Type.Literal('cookies'), Type.Literal('vault')])),
      options: Type.Optional(
        Type.Object({
          ipAddress: Type.Optional(Type.Boolean()),
          fingerprint: Type.Optional(Type.Boolean()),
          expiry: Type.Optional(Type.Integer()),
          slidingExpiry: Type.Optional(Type.Integer()),
        }),
      ),
    }),
  ),
});
export type LaunchLinkRequest = Static<typeof LaunchLinkRequest>;

/** What a launch remembers of its request. */
export type LaunchOptions = Omit<LaunchLinkRequest, 'expiry'>;

/** LaunchLinkSchema. */
export const LaunchLink = Type.Object({ launchLink: Type.String() });

export const PreviewQuery = Type.Object({ cssUrl: Type.Optional(webAddress) });
