import * as fc from 'fast-check';
import {
  type EvaluationModel,
  evaluationModels,
  isValid,
  modelOf,
} from '../../src/learning-objects/evaluation-models.rules';
import { checkAnswers } from '../../src/learning-objects/evaluations.rules';
import { difference, meansOf, noTotals, totalsOf } from '../../src/learning-objects/model-totals.rules';
import { wordList } from '../../src/learning-objects/reviewer-words.rules';

describe('the evaluation models', () => {
  it.each([
    ['LORI v1.5', 9, 'integer', 0, 1, 5, false, false],
    ['LOEM', 17, 'integer', 0, 1, 3, false, false],
    ['WBLT-S', 13, 'integer', 2, 1, 7, true, false],
    ['WBLT-T', 11, 'integer', 3, 1, 7, false, false],
    ['SUS', 10, 'integer', 0, 1, 5, false, false],
    ['Metadata Quality', 5, 'decimal', 0, 0, 10, false, true],
    ['Interaction Quality', 3, 'decimal', 0, 0, 10, false, true],
  ] as const)(
    '%s: %i items of type %s, %i texts',
    (name, count, type, texts, min, max, severalPerReviewer, automatic) => {
      const items = { type, count };
      expect(modelOf(name)).toEqual({ name, items, texts, min, max, severalPerReviewer, automatic });
    },
  );

  it('are these seven', () => {
    expect(evaluationModels).toHaveLength(7);
  });
});

const lori = modelOf('LORI v1.5');
const answers = (model: EvaluationModel, value: number | null = 2) =>
  Array<number | null>(model.items.count).fill(value);

describe('a value', () => {
  it.each([
    [1, true],
    [5, true],
    [0, false],
    [6, false],
    [-1, false],
    [null, false],
  ])('%s of LORI counts: %s', (value, counts) => {
    expect(isValid(lori, value)).toBe(counts);
  });
});

describe('checkAnswers', () => {
  const problems = (model: EvaluationModel, given: Parameters<typeof checkAnswers>[1]): string[] => {
    try {
      checkAnswers(model, given);
      return [];
    } catch (error) {
      return (error as { details: { path: string }[] }).details.map(({ path }) => path);
    }
  };

  it.each([
    ['all in scale', { items: answers(lori) }, []],
    ['not applicable and unanswered', { items: [-1, null, 1, 5, 1, 1, 1, 1, 1] }, []],
    ['beside the scale', { items: [0, 1, 1, 6, 1, 1, 1, 1, -2] }, ['items.0', 'items.3', 'items.8']],
    ['too few', { items: [1] }, ['items']],
    ['too many', { items: [...answers(lori), 1] }, ['items']],
    ['a text that LORI does not ask for', { items: answers(lori), texts: ['x'] }, ['texts']],
  ])('items %s', (_, given, paths) => {
    expect(problems(lori, given)).toEqual(paths);
  });

  it('keeps a place for every text, and none for empty ones', () => {
    const model = modelOf('WBLT-T');
    expect(checkAnswers(model, { items: answers(model) })).toMatchObject({ texts: [null, null, null], comments: null });
    const given = { items: answers(model), texts: ['a', ' ', null], comments: '' };
    expect(checkAnswers(model, given)).toMatchObject({ texts: ['a', null, null], comments: null });
    expect(problems(model, { items: answers(model), texts: ['a'] })).toEqual(['texts']);
  });
});

describe('totals', () => {
  const items = fc.array(fc.option(fc.integer({ min: 1, max: 5 }), { nil: -1 }), {
    minLength: 9,
    maxLength: 9,
  });

  it('added up and taken off again, in whatever order, are those of what is left', () => {
    fc.assert(
      fc.property(fc.array(items, { minLength: 1 }), fc.nat(), (evaluations, index) => {
        const add = (list: (number | null)[][]) =>
          list.reduce((sum, each) => difference(sum, difference(noTotals(lori), totalsOf(lori, each))), noTotals(lori));
        const removed = index % evaluations.length;
        const left = evaluations.filter((_, at) => at !== removed);
        expect(difference(add(evaluations), totalsOf(lori, evaluations[removed]!))).toEqual(add(left));
      }),
    );
  });

  it('leave -1 and null out of means, and count as completed only what has neither', () => {
    const totals = totalsOf(lori, [1, 2, 3, -1, null, 4, 5, 1, 1]);
    expect(totals).toMatchObject({ evaluations: 1, completed_evaluations: 0 });
    expect(meansOf(totals)).toEqual([1, 2, 3, null, null, 4, 5, 1, 1]);
    expect(totalsOf(lori, answers(lori)).completed_evaluations).toBe(1);
  });
});

describe('wordList', () => {
  it('keeps the newest that fit, the oldest first', () => {
    expect(wordList(['c', null, undefined, 'b', 'a'])).toEqual(['a', 'b', 'c']);
    expect(wordList(['x'.repeat(9_000), 'y'.repeat(1_000), 'z'])).toEqual(['y'.repeat(1_000), 'x'.repeat(9_000)]);
  });
});
