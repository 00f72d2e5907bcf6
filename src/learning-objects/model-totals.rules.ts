import { type EvaluationModel, isValid } from './evaluation-models.rules';

/** What the assignments and evaluations of an object by one model add up to, or by how much a change moves that. */
export interface ModelTotals {
  /** Assignments. */
  pending: number;
  completed: number;
  rejected: number;
  evaluations: number;
  /** Those with a valid value for every item. */
  completed_evaluations: number;
  /** Of the valid values of each item: whole numbers, so nothing is lost however often they change. */
  item_sums: number[];
  item_counts: number[];
}

export const noTotals = ({ items }: EvaluationModel): ModelTotals => ({
  pending: 0,
  completed: 0,
  rejected: 0,
  evaluations: 0,
  completed_evaluations: 0,
  item_sums: Array<number>(items.count).fill(0),
  item_counts: Array<number>(items.count).fill(0),
});

/** What one evaluation counts for. */
export function totalsOf(model: EvaluationModel, items: readonly (number | null)[]): ModelTotals {
  const valid = items.map((value) => isValid(model, value));
  return {
    ...noTotals(model),
    evaluations: 1,
    completed_evaluations: valid.every(Boolean) ? 1 : 0,
    item_sums: items.map((value, index) => (valid[index] ? value! : 0)),
    item_counts: valid.map(Number),
  };
}

/** What changes when one thing takes another's place. */
export const difference = (after: ModelTotals, before: ModelTotals): ModelTotals => ({
  pending: after.pending - before.pending,
  completed: after.completed - before.completed,
  rejected: after.rejected - before.rejected,
  evaluations: after.evaluations - before.evaluations,
  completed_evaluations: after.completed_evaluations - before.completed_evaluations,
  item_sums: after.item_sums.map((sum, index) => sum - before.item_sums[index]!),
  item_counts: after.item_counts.map((count, index) => count - before.item_counts[index]!),
});

/** The mean of each item, unrounded; null where nobody gave it a valid value. */
export const meansOf = ({ item_sums, item_counts }: ModelTotals): (number | null)[] =>
  item_sums.map((sum, index) => (item_counts[index] ? sum / item_counts[index] : null));
