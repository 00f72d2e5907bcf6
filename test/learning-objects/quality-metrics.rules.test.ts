import { evaluationModels } from '../../src/learning-objects/evaluation-models.rules';
import { type ItemMeans, metricNames, roundScore, scoresOf } from '../../src/learning-objects/quality-metrics.rules';

const blank = Object.fromEntries(
  evaluationModels.map(({ name, items }) => [name, Array<number | null>(items.count).fill(null)]),
) as unknown as ItemMeans;
const repeated = (value: number, count: number) => Array<number>(count).fill(value);

/** Means that differ, so that no weight can stand in another's place. */
const uneven: ItemMeans = {
  'LORI v1.5': [1, 2, 3, 4, 5, 1, 2, 3, 4],
  LOEM: [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2],
  'WBLT-S': [1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6],
  'WBLT-T': [1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4],
  SUS: [5, 1, 4, 2, 3, 4, 2, 4, 1, 5],
  'Metadata Quality': [10, 8, 7.5, 6.67, 2],
  'Interaction Quality': [5, 6, 7],
};

describe('the metrics', () => {
  it.each([
    ['LORI Arithmetic Mean', 4.44], // 16/9 · 2.5
    ['LORI WAM CW', 4.37], // 1.7484 · 2.5
    ['LORI WAM IW', 4.02], // 1.6062 · 2.5
    ['LORI Pedagogical WAM', 4.19], // 1.6768 · 2.5
    ['LORI Technological WAM', 5.04], // 2.0167 · 2.5
    ['LORI Orthogonal', 4.63], // √((4.19² + 5.04²) / 2)
    ['LORI Square Root', 4.6], // √(4.19 · 5.04)
    ['LORI Logarithmic', 3.31], // 4.19 · ln 11.08 / ln 21
    ['LOEM Arithmetic Mean', 4.71], // 16/17 · 5
    ['WBLT-S Arithmetic Mean', 4.62], // 36/13 · 10/6
    ['WBLT-T Arithmetic Mean', 4.09], // 27/11 · 10/6
    ['Global SUS', 4.75], // (10 + 9) / 4
    ['LORIEM', 4.58], // half of 4.4444 + 4.7059
    ['LOM Metadata Quality', 6.83], // 34.17 / 5
    ['LOM Completeness Metadata Quality', 10],
    ['Interaction Quality', 5.96], // 1.515 + 2.61 + 1.834
  ] as const)('%s of uneven means is %d', (name, score) => {
    expect(scoresOf(uneven)[name]).toBe(score);
  });

  const bestSus = [5, 1, 5, 1, 5, 1, 5, 1, 5, 1];
  const bounds = evaluationModels.map(({ name, items, min, max }) => ({
    name,
    worst: name === 'SUS' ? bestSus.map((value) => 6 - value) : repeated(min, items.count),
    best: name === 'SUS' ? bestSus : repeated(max, items.count),
  }));
  it.each(['worst', 'best'] as const)('are all at their end of the scale for the %s answers', (end) => {
    const means = Object.fromEntries(bounds.map((bound) => [bound.name, bound[end]])) as unknown as ItemMeans;
    for (const score of Object.values(scoresOf(means))) expect(score).toBe(end === 'best' ? 10 : 0);
  });

  it('combine P and T as each is shown, and means as they are', () => {
    // 0.09 · 0.2183 · 10/4 = 0.0491, shown as 0.05; T is 0.
    const lori = [1.09, 1, 1, 1, 1, 1, 1, 1, 1];
    const scores = scoresOf({ ...blank, 'LORI v1.5': lori });
    expect(scores['LORI Pedagogical WAM']).toBe(0.05);
    expect(scores['LORI Orthogonal']).toBe(0.04); // √½ · 0.05 = 0.0354; of 0.0491 it would be 0.03.
  });

  it.each(evaluationModels.map(({ name, items }) => [name, items.count] as const))(
    'are blank while one item of %s has no mean',
    (name, count) => {
      const full = scoresOf(uneven);
      for (let missing = 0; missing < count; missing++) {
        const means = { ...uneven, [name]: uneven[name].map((mean, index) => (index === missing ? null : mean)) };
        const scores = scoresOf(means);
        const gone = metricNames.filter((metric) => scores[metric] === null);
        expect(gone).toEqual(scoresThatNeed[name]);
        for (const metric of metricNames) expect([null, full[metric]]).toContain(scores[metric]);
      }
    },
  );

  const ofLori = metricNames.filter((name) => name.startsWith('LORI'));
  const scoresThatNeed: Record<string, string[]> = {
    'LORI v1.5': ofLori,
    LOEM: ['LOEM Arithmetic Mean', 'LORIEM'],
    'WBLT-S': ['WBLT-S Arithmetic Mean'],
    'WBLT-T': ['WBLT-T Arithmetic Mean'],
    SUS: ['Global SUS'],
    'Metadata Quality': ['LOM Metadata Quality', 'LOM Completeness Metadata Quality'],
    'Interaction Quality': ['Interaction Quality'],
  };

  it('are sixteen, all blank of nothing', () => {
    expect(Object.values(scoresOf(blank))).toEqual(Array<null>(16).fill(null));
  });
});

describe('roundScore', () => {
  it.each([
    [2.675, 2.68],
    [1.005, 1.01],
    [4.0155, 4.02],
    [3.3349, 3.33],
    [0, 0],
    [10, 10],
  ])('%d is %d', (value, rounded) => {
    expect(roundScore(value)).toBe(rounded);
  });
});
