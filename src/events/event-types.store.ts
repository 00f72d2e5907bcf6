import type { Database } from '../database/connection';

export interface EventTypeRow {
  type: string;
  description: string;
  /** JSON Schema that EventData has to fit. */
  schema: object | null;
  created_at: Date;
  updated_at: Date;
}

export const findEventType = (db: Database, type: string): Promise<EventTypeRow | undefined> =>
  db<EventTypeRow>('event_types').where({ type }).first();

/** By name, a page at a time. */
export const listEventTypes = (db: Database, after: string, limit: number): Promise<EventTypeRow[]> =>
  db<EventTypeRow>('event_types').where('type', '>', after).orderBy('type').limit(limit);

export async function putEventType(
  db: Database,
  { type, description, schema }: Pick<EventTypeRow, 'type' | 'description' | 'schema'>,
): Promise<EventTypeRow> {
  const [row] = await db<EventTypeRow>('event_types')
    .insert({
      type,
      description,
      schema: schema === null ? null : db.raw('?::json', [JSON.stringify(schema)]),
    })
    .onConflict('type')
    .merge({ description, schema: db.raw('excluded.schema'), updated_at: db.fn.now() })
    .returning('*');
  return row!;
}

export const deleteEventType = async (db: Database, type: string): Promise<boolean> =>
  (await db('event_types').where({ type }).delete()) > 0;
