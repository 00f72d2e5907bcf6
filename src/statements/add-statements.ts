import type { Transaction } from '../database/connection';
import type { Resources } from '../resources';
import { describeActivities } from './activity-definitions.store';
import { insertAndRefer } from './insert-and-refer';
import { newStatement } from './new-statement';
import type { NewStatements } from './plan-statements.rules';
import { checkStatements } from './read-statements';
import type { JsonObject } from './shapes.rules';
import { keepAttachments } from './statement-attachments.store';
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
  await addNewStatements(tx, { statements: made, attachments: [] });
}

/**
 * The same for what others say: it was found right, and nothing of it is stored. Fails with a violation of `statement_ids_pkey` where
 * somebody was first with an id. Answers the keys of blobs that are not needed, because their content was there already.
 */
export async function addNewStatements(tx: Transaction, { statements, attachments }: NewStatements): Promise<string[]> {
  if (statements.length > 0) await insertAndRefer(tx, statements);
  const said = statements.flatMap(({ applicationId, definitions }) =>
    definitions.map((definition) => ({ ...definition, applicationId })),
  );
  if (said.length > 0) await describeActivities(tx, said);
  return keepAttachments(tx, attachments);
}
