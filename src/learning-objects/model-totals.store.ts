import type { Database, Transaction } from '../database/connection';
import type { ModelName } from './evaluation-models.rules';
import type { ModelTotals } from './model-totals.rules';
import { newestWords, type ReviewerWords } from './reviewer-words.rules';

interface TotalsRow extends ModelTotals {
  learning_object_id: number;
  model: ModelName;
}

/** Something of an object by model. */
type ByModel<T> = Map<ModelName, T>;

function into<T>(byObject: Map<number, ByModel<T>>, id: number): ByModel<T> {
  const known = byObject.get(id);
  if (known) return known;
  const made: ByModel<T> = new Map();
  byObject.set(id, made);
  return made;
}

/** The totals of objects: at most a row for each model of each. */
export async function listTotals(
  db: Database | Transaction,
  ids: readonly number[],
): Promise<Map<number, ByModel<ModelTotals>>> {
  const rows = await db<TotalsRow>('model_totals').whereIn('learning_object_id', [...ids]);
  const byObject = new Map<number, ByModel<ModelTotals>>();
  for (const row of rows) into(byObject, row.learning_object_id).set(row.model, row);
  return byObject;
}

/**
 * Adds a change to an object's totals; the caller has locked the object. Answers what they have become. Each change costs
 * the same, however many evaluations there are.
 */
export async function addToTotals(
  tx: Transaction,
  id: number,
  model: ModelName,
  change: ModelTotals,
): Promise<ModelTotals> {
  const { rows } = await tx.raw<{ rows: TotalsRow[] }>(
    `update model_totals set
       pending = pending + :pending, completed = completed + :completed, rejected = rejected + :rejected,
       evaluations = evaluations + :evaluations,
       completed_evaluations = completed_evaluations + :completed_evaluations,
       item_sums = (select array_agg(a + b order by n)
         from unnest(item_sums, cast(:item_sums as integer[])) with ordinality as sums (a, b, n)),
       item_counts = (select array_agg(a + b order by n)
         from unnest(item_counts, cast(:item_counts as integer[])) with ordinality as counts (a, b, n))
     where learning_object_id = :id and model = :model
     returning *`,
    { ...change, id, model },
  );
  const [row] = rows;
  if (row) return row;
  const [made] = await tx<TotalsRow>('model_totals')
    .insert({ learning_object_id: id, model, ...change })
    .returning('*');
  return made!;
}

interface WordsRow extends ReviewerWords {
  learning_object_id: number;
  model: ModelName;
}

/** What reviewers wrote last about objects, the newest first; of each object and model no more than LOEP is told. */
export async function listWords(
  db: Database | Transaction,
  ids: readonly number[],
): Promise<Map<number, ByModel<ReviewerWords[]>>> {
  const { rows } = await db.raw<{ rows: WordsRow[] }>(
    `select t.learning_object_id, t.model, e.texts, e.comments
     from model_totals t
     cross join lateral (
       select id, texts, comments from evaluations
       where learning_object_id = t.learning_object_id and model = t.model and has_words
       order by id desc limit ?
     ) e
     where t.learning_object_id = any(?::bigint[]) and t.evaluations > 0
     order by e.id desc`,
    [newestWords, [...ids]],
  );
  const byObject = new Map<number, ByModel<ReviewerWords[]>>();
  for (const { learning_object_id, model, ...words } of rows) {
    const byModel = into(byObject, learning_object_id);
    byModel.set(model, [...(byModel.get(model) ?? []), words]);
  }
  return byObject;
}
