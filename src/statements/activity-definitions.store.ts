import type { Database, Transaction } from '../database/connection';
import { mergeDefinitions } from './activity-definitions.rules';
import type { Definition } from './new-statement';
import type { JsonObject } from './shapes.rules';

/** More than one activity's canonical form can grow to, whatever statements say of it. */
const maxDefinitionBytes = 256 * 1024;

interface ActivityRow {
  key: string;
  activity_id: string;
  definition: JsonObject;
}

/** Adds what statements say of activities to what is known. Called under the lock of the applications' statements. */
export async function describeActivities(
  tx: Transaction,
  said: readonly (Definition & { applicationId: string })[],
): Promise<void> {
  const known = await findDefinitions(tx, [...new Set(said.map(({ key }) => key))]);
  const rows = new Map<string, object>();
  for (const { key, applicationId, activityId, definition } of said) {
    const merged = mergeDefinitions(known.get(key) ?? {}, definition);
    if (Buffer.byteLength(JSON.stringify(merged)) > maxDefinitionBytes) continue;
    known.set(key, merged);
    rows.set(key, { key, application_id: applicationId, activity_id: activityId, definition: merged });
  }
  await tx.raw(
    `insert into statement_activities (key, application_id, activity_id, definition)
     select key, application_id, activity_id, definition
     from json_to_recordset(?) as a (key uuid, application_id uuid, activity_id text, definition json)
     on conflict (key) do update set definition = excluded.definition`,
    [JSON.stringify([...rows.values()])],
  );
}

/** By key. */
export async function findDefinitions(
  db: Database | Transaction,
  keys: readonly string[],
): Promise<Map<string, JsonObject>> {
  if (keys.length === 0) return new Map();
  const { rows } = await db.raw<{ rows: ActivityRow[] }>(
    'select key, definition from statement_activities where key = any (?::uuid[])',
    [[...keys]],
  );
  return new Map(rows.map(({ key, definition }) => [key, definition]));
}
