import type { Resources } from '../resources';
import { findDefinitions } from './activity-definitions.store';
import type { XapiVersion } from './formats.rules';
import { activityIdsOf, forVersion, type StatementFormat, withCanon, withIds } from './present-statement.rules';
import type { JsonObject } from './shapes.rules';
import { keyOf } from './statement-keys.rules';
import type { StatementRow } from './statements.store';

export interface Reader {
  applicationId: string;
  version: XapiVersion;
  format: StatementFormat;
  languages: readonly string[];
}

/** Statements as JSON texts, in the format that their reader wants. */
export async function presentStatements(
  rows: readonly StatementRow[],
  { applicationId, version, format, languages }: Reader,
  { db }: Pick<Resources, 'db'>,
): Promise<string[]> {
  const texts = rows.map(({ data }) => forVersion(data, version));
  if (format === 'exact') return texts;
  const statements = texts.map((text) => JSON.parse(text) as JsonObject);
  if (format === 'ids') return statements.map((statement) => JSON.stringify(withIds(statement)));
  const keys = new Map(
    statements.flatMap(activityIdsOf).map((id) => [id, keyOf(applicationId, 'activity', id)] as const),
  );
  const known = await findDefinitions(db, [...keys.values()]);
  const definitionOf = (id: string) => known.get(keys.get(id) ?? '');
  return statements.map((statement) => JSON.stringify(withCanon(statement, { definitionOf, languages })));
}
