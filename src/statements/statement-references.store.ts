import { textArray, uuidArray } from '../database/binary-arrays';
import type { Transaction } from '../database/connection';
import { keysOf, type NewStatement } from './new-statement';
import { idKey } from './plan-statements.rules';
import type { JsonObject } from './shapes.rules';
import { topicsOf } from './statement-keys.rules';

/** A reference to what refers to something else is followed so far. */
const maxSteps = 10;
/** Statements that refer to one which comes after them: the newest of them are found by it. */
const maxReferrers = 1000;

export interface PlacedStatement {
  statement: NewStatement;
  position: number;
}

/** Notes which statements these refer to, before they are looked at. */
export async function insertTargets(tx: Transaction, placed: readonly PlacedStatement[]): Promise<void> {
  const referring = placed.filter(({ statement }) => statement.target !== undefined);
  if (referring.length === 0) return;
  await tx.raw(
    `insert into statement_targets (application_id, statement_id, position, target_id, is_voiding)
     select application_id, statement_id, position::bigint, target_id, is_voiding::boolean
     from unnest(?::uuid[], ?::uuid[], ?::text[], ?::uuid[], ?::text[])
       as t (application_id, statement_id, position, target_id, is_voiding)`,
    [
      uuidArray(referring.map(({ statement }) => statement.applicationId)),
      uuidArray(referring.map(({ statement }) => statement.id)),
      textArray(referring.map(({ position }) => String(position))),
      uuidArray(referring.map(({ statement }) => statement.target!)),
      textArray(referring.map(({ statement }) => (statement.isVoiding ? 't' : 'f'))),
    ],
  );
}

/** Which of these statements others refer to. Asked under the lock of their application, so that none comes in between. */
export async function findTargets(tx: Transaction, placed: readonly PlacedStatement[]): Promise<Set<string>> {
  const { rows } = await tx.raw<{ rows: { application_id: string; id: string }[] }>(
    `select m.application_id, m.id from unnest(?::uuid[], ?::uuid[]) as m (application_id, id)
     where exists (select from statement_targets t where t.application_id = m.application_id and t.target_id = m.id)`,
    [
      uuidArray(placed.map(({ statement }) => statement.applicationId)),
      uuidArray(placed.map(({ statement }) => statement.id)),
    ],
  );
  return new Set(rows.map(({ application_id: applicationId, id }) => idKey({ applicationId, id })));
}

/** Statements that refer to one, by way of others too, and it. */
const referrers = `with recursive up as (
    select :position::bigint as position, :id::uuid as id, 0 as steps
    union
    select t.position, t.statement_id, up.steps + 1 from up join statement_targets t
      on t.application_id = :applicationId and t.target_id = up.id where up.steps < ${maxSteps}
  ), referrers as (select distinct position from up order by position desc limit ${maxReferrers + 1})`;

/** What a statement refers to, by way of others too, and it; those that are there. */
const targets = `down as (
    select :id::uuid as id, 0 as steps
    union
    select t.target_id, down.steps + 1 from down join statement_targets t
      on t.application_id = :applicationId and t.statement_id = down.id where down.steps < ${maxSteps}
  ), targets as (
    select distinct i.position from down join statement_ids i on i.application_id = :applicationId and i.statement_id = down.id
  )`;

/**
 * Sees to it that what refers to a statement is found by what that says (xAPI 1.0.3 Communication 2.1.3, "Filter Conditions for
 * StatementRefs"): a row for each pair that the new one joins.
 */
export async function linkReferences(
  tx: Transaction,
  { statement: { applicationId, id }, position }: PlacedStatement,
): Promise<void> {
  const of = { applicationId, id, position };
  const { rows } = await tx.raw<{ rows: { position: number; match: number; data: JsonObject }[] }>(
    `${referrers}, ${targets}, added as (
       insert into statements (application_id, position, match, agent, verb, activity, registration, voided)
       select s.application_id, r.position, s.match, s.agent, s.verb, s.activity, s.registration, o.voided
       from referrers r
       join statements o on o.application_id = :applicationId and o.position = r.position and o.match = r.position
       cross join targets t
       join statements s on s.application_id = :applicationId and s.position = t.position and s.match = t.position
       where r.position <> t.position
       on conflict do nothing
       returning position, match
     )
     select a.position, a.match, s.data from added a
     join statements s on s.application_id = :applicationId and s.position = a.match and s.match = a.match`,
    of,
  );
  const relations = rows.flatMap(({ position: at, match, data }) =>
    keysOf(applicationId, topicsOf(data)).relations.map((key) => ({ key, at, match })),
  );
  await tx.raw(
    `insert into statement_relations (key, position, match)
     select key, position::bigint, match::bigint from unnest(?::uuid[], ?::text[], ?::text[]) as r (key, position, match)
     on conflict do nothing`,
    [
      uuidArray(relations.map(({ key }) => key)),
      textArray(relations.map(({ at }) => String(at))),
      textArray(relations.map(({ match }) => String(match))),
    ],
  );
}

/** Voids those of these statements that a voiding statement names, unless they void something themselves (Data 2.3.2). */
export async function voidTargets(tx: Transaction, applicationId: string, ids: readonly string[]): Promise<void> {
  await tx.raw(
    `update statements s set voided = true
     from statement_ids i
     where i.application_id = :applicationId and i.statement_id = any (:ids::uuid[])
       and s.application_id = :applicationId and s.position = i.position and not s.voided
       and exists (select from statement_targets v
         where v.application_id = :applicationId and v.target_id = i.statement_id and v.is_voiding)
       and not exists (select from statement_targets w
         where w.application_id = :applicationId and w.statement_id = i.statement_id and w.is_voiding)`,
    { applicationId, ids: uuidArray(ids) },
  );
}
