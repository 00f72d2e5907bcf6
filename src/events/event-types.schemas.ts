import { type Static, Type } from '@sinclair/typebox';

/** The document's `EventType`. */
export const EventTypeName = Type.String({ minLength: 1, maxLength: 50 });

const dateTime = Type.String({ format: 'date-time' });
const schemaText = 'JSON Schema (2020-12) that EventData of this type has to fit';

export const EventTypePath = Type.Object({ type: EventTypeName });

export const EventTypeChange = Type.Object(
  {
    description: Type.Optional(Type.String({ maxLength: 1000 })),
    schema: Type.Optional(
      Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()], { description: schemaText }),
    ),
  },
  { additionalProperties: false },
);

export const EventType = Type.Object({
  type: Type.String(),
  description: Type.String(),
  schema: Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()], { description: schemaText }),
  created_at: dateTime,
  updated_at: dateTime,
});
export type EventType = Static<typeof EventType>;

export const EventTypeList = Type.Object({
  event_types: Type.Array(EventType),
  next: Type.Optional(Type.String()),
});
