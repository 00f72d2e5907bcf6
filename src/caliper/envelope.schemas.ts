import { type Static, Type } from '@sinclair/typebox';
import { caliperContext } from './vocabularies';

/**
 * An event or a description of an entity, as /openapi.json shows it. `checkItem` judges it: what goes with what is more than
 * a schema says, and its messages name what to send instead.
 */
export const CaliperItem = Type.Object(
  {
    id: Type.String({ description: 'Of an event `urn:uuid:` and a UUID, of an entity an IRI' }),
    type: Type.String({ description: 'A term of Caliper 1.2, or of the TimebackProfile' }),
  },
  { additionalProperties: true },
);
export type CaliperItem = Static<typeof CaliperItem>;

/** The body of `POST /caliper/event` (Caliper 1.2 §5.2), as /openapi.json shows it. `readEnvelope` reads it. */
export const CaliperEnvelope = Type.Object(
  {
    sensor: Type.String({ format: 'uri', description: 'Who sends: an IRI' }),
    sendTime: Type.String({ format: 'date-time', description: 'In UTC' }),
    dataVersion: Type.String({ examples: [caliperContext] }),
    data: Type.Array(CaliperItem, { minItems: 1 }),
  },
  { additionalProperties: false },
);
export type CaliperEnvelope = Static<typeof CaliperEnvelope>;

/** One thing that is wrong with an item: which, where in it, and what to do. */
export const CaliperProblem = Type.Object({
  index: Type.Integer({ minimum: 0, description: 'Of the item in `data`' }),
  path: Type.String({ description: 'Of the member: `generated.items[2].value`; empty for the item itself' }),
  reason: Type.String(),
});
export type CaliperProblem = Static<typeof CaliperProblem>;

/** What a sender is answered whose envelope was taken. */
export const EnvelopeAnswer = Type.Object({
  status: Type.Literal('success'),
  message: Type.String({ description: 'How much was stored, and how much was there already' }),
  errors: Type.Array(CaliperProblem, {
    description: 'Warnings, where the hub takes items in spite of them; else empty',
  }),
});
export type EnvelopeAnswer = Static<typeof EnvelopeAnswer>;

/** What a sensor can ask of an endpoint (Caliper 1.2 §5.1). */
export const EndpointConfiguration = Type.Object({
  caliperSupportedVersions: Type.Array(Type.String()),
  caliperMaximumPayloadSize: Type.Integer({ description: 'Bytes of an envelope' }),
});
