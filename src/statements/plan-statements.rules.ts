import type { NewStatement } from './new-statement';
import { isSameMeaning } from './same-statement.rules';
import type { NewAttachment } from './statement-attachments.store';

/** What one request stores: all of it, or nothing. */
export interface NewStatements {
  statements: readonly NewStatement[];
  attachments: readonly NewAttachment[];
}

/** `conflict`: the first statement whose id is another one's. */
export type Outcome = { conflict: string } | { stored: true };

export interface StatementPlan {
  outcomes: Outcome[];
  /** Those that are new. */
  statements: NewStatement[];
  attachments: NewAttachment[];
}

export const idKey = ({ applicationId, id }: { applicationId: string; id: string }): string => `${applicationId} ${id}`;

/**
 * Decides of requests that are written together, in their order; `known` says what stored statements mean. A statement that is there already with the same meaning is not stored
 * again; with another, its request is refused whole (xAPI 1.0.3 Communication 2.1).
 */
export function planStatements(requests: readonly NewStatements[], known: ReadonlyMap<string, string>): StatementPlan {
  const plan: StatementPlan = { outcomes: [], statements: [], attachments: [] };
  const taken = new Map<string, string>();
  for (const { statements, attachments } of requests) {
    const meaningThere = (one: NewStatement) => taken.get(idKey(one)) ?? known.get(idKey(one));
    const conflict = statements.find((one) => !isSameMeaning(meaningThere(one) ?? one.meaning, one.meaning));
    plan.outcomes.push(conflict ? { conflict: conflict.id } : { stored: true });
    if (conflict) continue;
    const fresh = statements.filter((one) => meaningThere(one) === undefined);
    for (const one of fresh) if (one.hasOwnId) taken.set(idKey(one), one.meaning);
    plan.statements.push(...fresh);
    plan.attachments.push(...attachments);
  }
  return plan;
}
