import { type Static, Type } from '@sinclair/typebox';

/** The document's `ProgramId`: up to 25 characters, none that cannot be seen. */
export const ProgramId = Type.String({ minLength: 1, maxLength: 25, pattern: '^[^\\u0000-\\u001f\\u007f]+$' });

const uuid = Type.String({ format: 'uuid' });
const dateTime = Type.String({ format: 'date-time' });

export const EventProgramPath = Type.Object({ programId: ProgramId });
export const ProgramGrantPath = Type.Object({ programId: ProgramId, applicationId: uuid });

export const NewEventProgram = Type.Object(
  {
    id: ProgramId,
    application_id: Type.Optional(
      Type.String({ format: 'uuid', description: 'Whose it is to be; needed with an administrator’s key' }),
    ),
  },
  { additionalProperties: false },
);

export const EventProgram = Type.Object({
  id: Type.String(),
  application_id: Type.String({ format: 'uuid', description: 'The application that publishes here' }),
  reserved: Type.Boolean({ description: 'The hub’s own events about the application: nobody else publishes here' }),
  created_at: dateTime,
});
export type EventProgram = Static<typeof EventProgram>;

export const EventProgramList = Type.Object({
  programs: Type.Array(EventProgram),
  next: Type.Optional(Type.String()),
});

export const ProgramGrant = Type.Object({ program_id: Type.String(), application_id: uuid, created_at: dateTime });
export type ProgramGrant = Static<typeof ProgramGrant>;

export const ProgramGrantList = Type.Object({
  grants: Type.Array(ProgramGrant),
  next: Type.Optional(Type.String()),
});
