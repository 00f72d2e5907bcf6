/** A form by which learning objects are judged. Its name is its key in LOEP ("Available Evaluation Models in LOEP"). */
export interface EvaluationModel {
  name: string;
  /** How many numbers it asks for, and of which type: LOEP names integers `item1…`, decimals `ditem1…`. */
  items: { type: 'integer' | 'decimal'; count: number };
  /** How many texts it asks for: `titem1…` in LOEP. */
  texts: number;
  /** The scale of its items, both ends included. */
  min: number;
  max: number;
  /** Whether one reviewer may evaluate an object more than once. */
  severalPerReviewer: boolean;
  /** Filled by the hub itself: nobody is asked, and nobody can be assigned to it. */
  automatic: boolean;
}

const integers = (count: number): EvaluationModel['items'] => ({ type: 'integer', count });
const decimals = (count: number): EvaluationModel['items'] => ({ type: 'decimal', count });
const asked = { texts: 0, severalPerReviewer: false, automatic: false };
const automatic = { texts: 0, min: 0, max: 10, severalPerReviewer: false, automatic: true };

/** In the order in which LOEP tells of them. */
export const evaluationModels = [
  { ...asked, name: 'LORI v1.5', items: integers(9), min: 1, max: 5 },
  { ...asked, name: 'LOEM', items: integers(17), min: 1, max: 3 },
  { ...asked, name: 'WBLT-S', items: integers(13), texts: 2, min: 1, max: 7, severalPerReviewer: true },
  { ...asked, name: 'WBLT-T', items: integers(11), texts: 3, min: 1, max: 7 },
  { ...asked, name: 'SUS', items: integers(10), min: 1, max: 5 },
  { ...automatic, name: 'Metadata Quality', items: decimals(5) },
  { ...automatic, name: 'Interaction Quality', items: decimals(3) },
] as const satisfies readonly EvaluationModel[];

export type ModelName = (typeof evaluationModels)[number]['name'];

export const modelNames = evaluationModels.map(({ name }) => name);

const byName = new Map<string, EvaluationModel>(evaluationModels.map((model) => [model.name, model]));

/** The model of a name that is known to be one. */
export const modelOf = (name: ModelName): EvaluationModel => byName.get(name)!;

/** What a reviewer puts where an item does not fit the object; it is left out of means. */
export const notApplicable = -1;

/** Whether a number counts: -1 (not applicable) and null (unanswered) do not. */
export const isValid = ({ min, max }: EvaluationModel, value: number | null): value is number =>
  value !== null && value >= min && value <= max;
