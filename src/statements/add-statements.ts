import type { Transaction } from '../database/connection';
import type { Resources } from '../resources';
import { describeActivities } from './activity-definitions.store';
import { newStatement } from './new-statement';
import { insertStatements } from './new-statements.store';
import { checkStatements } from './read-statements';
import type { JsonObject } from './shapes.rules';
import { authorityOf } from './store-statements';

/**
 * Stores what the hub itself says in a transaction of the caller's, for records and their statements to be there together. To be
 * called last: feeds wait for the transaction from here to its end. Each statement has an id, which no other has.
 */
export async function addStatements(
  tx: Transaction,
  statements: readonly JsonObject[],
  { applicationId, link }: { applicationId: string; link: string },
  { config }: Pick<Resources, 'config'>,
): Promise<void> {
  if (statements.length === 0) return;
  const version = '1.0.3';
  const checked = checkStatements([...statements], version, statements.length);
  const authority = authorityOf(applicationId, { config });
  const made = checked.map((statement) => newStatement(statement, { applicationId, authority, version, link }));
  await insertStatements(tx, made, true);
  const said = made.flatMap(({ definitions }) => definitions.map((definition) => ({ ...definition, applicationId })));
  if (said.length > 0) await describeActivities(tx, said);
}
