import type { Transaction } from '../database/connection';
import type { NewStatement } from './new-statement';
import { insertStatements } from './new-statements.store';
import { idKey } from './plan-statements.rules';
import {
  findTargets,
  insertTargets,
  linkReferences,
  type PlacedStatement,
  voidTargets,
} from './statement-references.store';

/** Stores statements with their references, and those to them. */
export async function insertAndRefer(tx: Transaction, statements: readonly NewStatement[]): Promise<void> {
  const first = await insertStatements(tx, statements, true);
  const placed = statements.map((statement, item): PlacedStatement => ({ statement, position: first + item }));
  await insertTargets(tx, placed);
  const targets = await findTargets(tx, placed);
  const voidable = new Map<string, string[]>();
  for (const one of placed) {
    const { applicationId, id, target, isVoiding } = one.statement;
    const isTarget = targets.has(idKey(one.statement));
    if (target !== undefined || isTarget) await linkReferences(tx, one);
    const ids = [...(isTarget ? [id] : []), ...(isVoiding && target !== undefined ? [target] : [])];
    if (ids.length > 0) voidable.set(applicationId, [...(voidable.get(applicationId) ?? []), ...ids]);
  }
  for (const [applicationId, ids] of voidable) await voidTargets(tx, applicationId, ids);
}
