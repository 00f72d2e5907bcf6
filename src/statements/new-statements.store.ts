import { textArray, uuidArray } from '../database/binary-arrays';
import type { Database, Transaction } from '../database/connection';
import { isError } from '../errors';
import type { NewStatement } from './new-statement';
import { idKey } from './plan-statements.rules';

/** Of the ids that senders gave, those that are stored: what each means. */
export async function findKnown(
  db: Database | Transaction,
  statements: readonly NewStatement[],
): Promise<Map<string, string>> {
  const wanted = statements.filter(({ hasOwnId }) => hasOwnId);
  if (wanted.length === 0) return new Map();
  const { rows } = await db
    .raw<{ rows: { application_id: string; id: string; meaning: string }[] }>(
      // `offset 0`: looked up one by one in the index, whatever the planner believes of the table's size.
      `select w.application_id, w.id, encode(i.meaning, 'hex') as meaning
       from unnest(:applications::uuid[], :ids::uuid[]) as w (application_id, id)
       cross join lateral (select meaning from statement_ids i
         where i.application_id = w.application_id and i.statement_id = w.id offset 0) i`,
      {
        applications: uuidArray(wanted.map(({ applicationId }) => applicationId)),
        ids: uuidArray(wanted.map(({ id }) => id)),
      },
    )
    .options({ name: 'find-statement-ids' });
  return new Map(rows.map(({ application_id: applicationId, id, meaning }) => [idKey({ applicationId, id }), meaning]));
}

/**
 * Stores statements of which none is there, in their order; answers the position of the first. Fails with a violation of
 * `statement_ids_pkey`, and has stored nothing, when another process was first with one of the ids; and `areReferred`, unless they may be,
 * when others refer to one of them.
 */
export async function insertStatements(
  db: Database | Transaction,
  statements: readonly NewStatement[],
  mayBeTargets: boolean,
): Promise<number> {
  const relations = statements.flatMap(({ keys }, item) => keys.relations.map((key) => ({ item, key })));
  const { rows } = await db
    .raw<{ rows: { first: number }[] }>(
      `select store_statements(:applications::uuid[], :ids::uuid[], :meanings::text[], :agents::text[], :verbs::uuid[],
         :activities::text[], :registrations::text[], :links::text[], :timed::text[], :contents::text[],
         :relationItems::integer[], :relationKeys::uuid[], :mayBeTargets) as first`,
      {
        applications: uuidArray(statements.map(({ applicationId }) => applicationId)),
        ids: uuidArray(statements.map(({ id }) => id)),
        meanings: textArray(statements.map(({ meaning }) => meaning)),
        agents: textArray(statements.map(({ keys }) => keys.agent)),
        verbs: uuidArray(statements.map(({ keys }) => keys.verb)),
        activities: textArray(statements.map(({ keys }) => keys.activity)),
        registrations: textArray(statements.map(({ keys }) => keys.registration)),
        links: textArray(statements.map(({ link }) => link)),
        timed: textArray(statements.map(({ timed }) => (timed ? 't' : 'f'))),
        contents: textArray(statements.map(({ content }) => content)),
        relationItems: `{${relations.map(({ item }) => item).join(',')}}`,
        mayBeTargets,
        relationKeys: uuidArray(relations.map(({ key }) => key)),
      },
    )
    .options({ name: 'store-statements' });
  return rows[0]!.first;
}

/** Whether statements were not stored because others refer to them: there is more to do then. */
export const areReferred = (error: unknown): boolean => isError(error) && 'code' in error && error.code === 'HS001';
