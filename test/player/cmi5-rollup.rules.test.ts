import type { Activity } from '../../src/courses/packages/package';
import { satisfiedContainers } from '../../src/player/cmi5-move-on.rules';
import { rollUpCmi5 } from '../../src/player/cmi5-rollup.rules';
import { noResult, type Result } from '../../src/player/results.rules';

const unit = (identifier: string, moveOn: string): Activity => ({
  identifier,
  title: identifier,
  type: 'SCO',
  href: 'au.html',
  moveOn,
  children: [],
});
const block = (identifier: string, ...children: Activity[]): Activity => ({
  identifier,
  title: identifier,
  type: 'AGGREGATION',
  children,
});

const course = block(
  'course',
  block('outer', block('inner', unit('a', 'Passed')), unit('b', 'Completed')),
  block('free', unit('c', 'NotApplicable')),
);

const known = (results: Record<string, Partial<Result>>): Map<string, Result> =>
  new Map(Object.entries(results).map(([id, result]) => [id, { ...noResult, ...result }]));
const passed = { completion: 'incomplete', success: 'passed' } as const;
const completed = { completion: 'completed' } as const;

describe('what is satisfied', () => {
  it.each<[string, Record<string, Partial<Result>>, string[]]>([
    ['from the start: what asks for nothing', {}, ['free']],
    ['an inner block, with its unit', { a: passed }, ['inner', 'free']],
    ['not a block with a unit that is not', { b: completed }, ['free']],
    ['not a unit that failed', { a: { success: 'failed' }, b: completed }, ['free']],
    ['9.3.9.0-5: the course, with all of its units', { a: passed, b: completed }, ['inner', 'outer', 'free', 'course']],
  ])('is %s', (_, results, expected) => {
    expect(satisfiedContainers(course, known(results)).map(({ identifier }) => identifier)).toEqual(expected);
  });
});

describe('what a cmi5 course comes to', () => {
  it.each<[string, Record<string, Partial<Result>>, Result]>([
    ['nothing yet', {}, { ...noResult, progress: 1 / 3 }],
    [
      'begun',
      { a: { completion: 'incomplete' } },
      { completion: 'incomplete', success: 'unknown', score: null, progress: 1 / 3 },
    ],
    [
      'failed by one of its units',
      { a: { completion: 'completed', success: 'failed', score: 0.2 }, b: completed },
      { completion: 'incomplete', success: 'failed', score: 0.2, progress: 2 / 3 },
    ],
    [
      'passed in a part, which is not all',
      { a: { ...passed, score: 0.9 } },
      { completion: 'incomplete', success: 'unknown', score: 0.9, progress: 2 / 3 },
    ],
    [
      'satisfied, with the mean of its units’ scores',
      { a: { ...passed, score: 1 }, b: { ...completed, score: 0.5 } },
      { completion: 'completed', success: 'passed', score: 0.75, progress: 1 },
    ],
    [
      'not satisfied by a completion where passing is asked for',
      { a: completed, b: completed },
      { completion: 'incomplete', success: 'unknown', score: null, progress: 2 / 3 },
    ],
  ])('is %s', (_, results, expected) => {
    expect(rollUpCmi5(course, known(results))).toEqual(expected);
  });

  it('counts a unit that was waived as completed and passed, whatever it is by itself', () => {
    const waived_at = new Date('2026-11-28T12:00:00Z');
    const results = new Map([
      ['a', { ...noResult, success: 'failed' as const, score: 0.2, waived_at }],
      ['b', { ...noResult, waived_at }],
    ]);
    expect(satisfiedContainers(course, results)).toHaveLength(4);
    expect(rollUpCmi5(course, results)).toEqual({
      completion: 'completed',
      success: 'passed',
      score: 0.2,
      progress: 1,
    });
  });

  it('is completed where no unit asks for anything', () => {
    const free = block('course', unit('a', 'NotApplicable'));
    expect(rollUpCmi5(free, new Map())).toMatchObject({ completion: 'completed', success: 'unknown', progress: 1 });
  });
});
