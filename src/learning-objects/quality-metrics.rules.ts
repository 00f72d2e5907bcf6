import { type EvaluationModel, type ModelName, modelOf } from './evaluation-models.rules';

/** The mean of each item of a model, unrounded; null where nobody gave it a valid value. */
export type ItemMeans = Readonly<Record<ModelName, readonly (number | null)[]>>;

/** The means of the models that a metric needs, every one of them a number. */
type FullMeans = Readonly<Record<ModelName, readonly number[]>>;

interface Metric {
  name: string;
  models: readonly ModelName[];
  score: (means: FullMeans) => number;
}

/**
 * Two decimals, half up. The tiny addition is more than binary fractions lose in these sums, and less than any difference
 * that a mean of whole numbers can make: 2.675 becomes 2.68, as by hand.
 */
export const roundScore = (score: number): number => Math.floor(score * 100 + 0.5 + 1e-7) / 100;

const clamp = (score: number): number => Math.min(10, Math.max(0, score));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** `10/(max-min) · Σ (mean - min) · weight`. */
function weighted(name: ModelName, weights: readonly number[]): (means: FullMeans) => number {
  const { min, max } = modelOf(name);
  return (means) => (10 / (max - min)) * sum(means[name].map((mean, index) => (mean - min) * weights[index]!));
}

function arithmeticMean(name: ModelName): (means: FullMeans) => number {
  const { count } = modelOf(name).items;
  return weighted(name, Array<number>(count).fill(1 / count));
}

const lori = 'LORI v1.5';
const loriMean = arithmeticMean(lori);
const loemMean = arithmeticMean('LOEM');
const pedagogical = weighted(lori, [0.2183, 0.1529, 0.1441, 0.1791, 0.1746, 0.131, 0, 0, 0]);
const technological = weighted(lori, [0, 0, 0, 0, 0, 0, 0.3113, 0.3607, 0.328]);

/** What is made of the pedagogical (P) and the technological (T) score, each as it is shown. */
const ofBoth =
  (combine: (P: number, T: number) => number) =>
  (means: FullMeans): number =>
    combine(roundScore(clamp(pedagogical(means))), roundScore(clamp(technological(means))));

/** Odd items praise and even ones blame. */
const globalSus = ({ SUS }: FullMeans): number =>
  sum(SUS.map((mean, index) => (index % 2 === 0 ? mean - 1 : 5 - mean))) / 4;

function interaction({ 'Interaction Quality': [time, permanency, clicks] }: FullMeans): number {
  return 0.303 * time! + 0.435 * permanency! + 0.262 * clicks!;
}

/** The metrics of LOEP ("Available Quality Metrics in LOEP"), in the order in which it tells of them. */
const metrics = [
  { name: 'LORI Arithmetic Mean', models: [lori], score: loriMean },
  {
    name: 'LORI WAM CW',
    models: [lori],
    score: weighted(lori, [0.1724, 0.1207, 0.1138, 0.1414, 0.1379, 0.1034, 0.0655, 0.0759, 0.069]),
  },
  {
    name: 'LORI WAM IW',
    models: [lori],
    score: weighted(lori, [0.1475, 0.0665, 0.1383, 0.2427, 0.0054, 0.1324, 0.0899, 0.1084, 0.0689]),
  },
  { name: 'LORI Pedagogical WAM', models: [lori], score: pedagogical },
  { name: 'LORI Technological WAM', models: [lori], score: technological },
  { name: 'LORI Orthogonal', models: [lori], score: ofBoth((P, T) => Math.SQRT1_2 * Math.sqrt(P * P + T * T)) },
  { name: 'LORI Square Root', models: [lori], score: ofBoth((P, T) => Math.sqrt(P * T)) },
  { name: 'LORI Logarithmic', models: [lori], score: ofBoth((P, T) => (P * Math.log(2 * T + 1)) / Math.log(21)) },
  { name: 'LOEM Arithmetic Mean', models: ['LOEM'], score: loemMean },
  { name: 'WBLT-S Arithmetic Mean', models: ['WBLT-S'], score: arithmeticMean('WBLT-S') },
  { name: 'WBLT-T Arithmetic Mean', models: ['WBLT-T'], score: arithmeticMean('WBLT-T') },
  { name: 'Global SUS', models: ['SUS'], score: globalSus },
  { name: 'LORIEM', models: [lori, 'LOEM'], score: (means) => (loriMean(means) + loemMean(means)) / 2 },
  {
    name: 'LOM Metadata Quality',
    models: ['Metadata Quality'],
    score: (means) => sum(means['Metadata Quality']) / 5,
  },
  {
    name: 'LOM Completeness Metadata Quality',
    models: ['Metadata Quality'],
    score: (means) => means['Metadata Quality'][0]!,
  },
  { name: 'Interaction Quality', models: ['Interaction Quality'], score: interaction },
] as const satisfies readonly Metric[];

export type MetricName = (typeof metrics)[number]['name'];

export const metricNames = metrics.map(({ name }) => name);

/** Each metric's score, from 0 to 10 with two decimals; null unless every item of every model it needs has a mean. */
export const scoresOf = (means: ItemMeans): Record<MetricName, number | null> =>
  Object.fromEntries(metrics.map((metric) => [metric.name, scoreOf(metric, means)])) as Record<
    MetricName,
    number | null
  >;

const scoreOf = ({ models, score }: Metric, means: ItemMeans): number | null =>
  models.every((name) => isFull(modelOf(name), means[name])) ? roundScore(clamp(score(means as FullMeans))) : null;

const isFull = ({ items }: EvaluationModel, means: readonly (number | null)[]): boolean =>
  means.length === items.count && means.every((mean) => mean !== null);
