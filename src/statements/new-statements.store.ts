import { textArray, uuidArray } from '../database/binary-arrays';
import type { Database, Transaction } from '../database/connection';
import type { NewStatement } from './new-statement';
import { idKey, type KnownId } from './plan-statements.rules';

/** What is known of the ids that senders gave. */
export async function findKnown(db: Database, statements: readonly NewStatement[]): Promise<Map<string, KnownId>> {
  const wanted = statements.filter(({ hasOwnId }) => hasOwnId);
  if (wanted.length === 0) return new Map();
  const { rows } = await db
    .raw<{ rows: { application_id: string; id: string; meaning: string | null; is_target: boolean }[] }>(
      // `offset 0`: looked up one by one in the index, whatever the planner believes of the table's size.
      `select * from (
         select w.application_id, w.id, encode(i.meaning, 'hex') as meaning,
           exists (select from statement_targets t where t.application_id = w.application_id and t.target_id = w.id) as is_target
         from unnest(:applications::uuid[], :ids::uuid[]) as w (application_id, id)
         left join lateral (select meaning from statement_ids i
           where i.application_id = w.application_id and i.statement_id = w.id offset 0) i on true
       ) found where meaning is not null or is_target`,
      {
        applications: uuidArray(wanted.map(({ applicationId }) => applicationId)),
        ids: uuidArray(wanted.map(({ id }) => id)),
      },
    )
    .options({ name: 'find-statement-ids' });
  return new Map(
    rows.map(({ application_id: applicationId, id, meaning, is_target: isTarget }) => [
      idKey({ applicationId, id }),
      { meaning, isTarget },
    ]),
  );
}

/**
 * Stores statements of which none is there, in their order; answers the position of the first. Fails with a violation of
 * `statement_ids_pkey`, and has stored nothing, when another process was first with one of the ids.
 */
export async function insertStatements(
  db: Database | Transaction,
  statements: readonly NewStatement[],
): Promise<number> {
  const relations = statements.flatMap(({ keys }, item) => keys.relations.map((key) => ({ item, key })));
  const { rows } = await db
    .raw<{ rows: { first: number }[] }>(
      `select store_statements(:applications::uuid[], :ids::uuid[], :meanings::text[], :agents::text[], :verbs::uuid[],
         :activities::text[], :registrations::text[], :links::text[], :timed::text[], :contents::text[],
         :relationItems::integer[], :relationKeys::uuid[]) as first`,
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
        relationKeys: uuidArray(relations.map(({ key }) => key)),
      },
    )
    .options({ name: 'store-statements' });
  return rows[0]!.first;
}
