import * as fc from 'fast-check';
import { catalogue } from '../../src/configuration/catalogue';
import { noResult, type Result } from '../../src/player/results.rules';
import { rollUp } from '../../src/player/rollup.rules';

const unit = (
  completion: Result['completion'],
  success: Result['success'] = 'unknown',
  score: number | null = null,
) => ({
  ...noResult,
  completion,
  success,
  score,
});
const settings = (values: Record<string, string> = {}): Map<string, string> =>
  new Map([
    ['PlayerStatusRollupModeValue', 'COMPLETE_WHEN_ALL_UNITS_COMPLETE_AND_NOT_FAILED'],
    ['PlayerScoreRollupModeValue', 'AVERAGE_SCORE_OF_ALL_UNITS_WITH_SCORES'],
    ...Object.entries(values),
  ]);

const done = unit('completed');
const passed = unit('completed', 'passed', 0.8);
const failed = unit('completed', 'failed', 0.2);
const open = unit('incomplete');

describe('the status of a course', () => {
  it.each<[string, Result[], Result['completion']]>([
    ['STATUS_PROVIDED_BY_COURSE', [open, done], 'completed'],
    ['STATUS_PROVIDED_BY_COURSE', [open, noResult], 'incomplete'],
    ['COMPLETE_WHEN_ALL_UNITS_COMPLETE', [done, failed], 'completed'],
    ['COMPLETE_WHEN_ALL_UNITS_COMPLETE', [done, open], 'incomplete'],
    ['COMPLETE_WHEN_ALL_UNITS_COMPLETE_AND_NOT_FAILED', [done, failed], 'incomplete'],
    ['COMPLETE_WHEN_ALL_UNITS_COMPLETE_AND_NOT_FAILED', [done, passed], 'completed'],
    ['COMPLETE_WHEN_THRESHOLD_SCORE_IS_MET', [open, passed], 'completed'],
    ['COMPLETE_WHEN_THRESHOLD_SCORE_IS_MET', [done, failed], 'incomplete'],
    ['COMPLETE_WHEN_ALL_UNITS_COMPLETE_AND_THRESHOLD_SCORE_IS_MET', [open, passed], 'incomplete'],
    ['COMPLETE_WHEN_ALL_UNITS_COMPLETE_AND_THRESHOLD_SCORE_IS_MET', [done, passed], 'completed'],
    ['COMPLETE_WHEN_ALL_UNITS_ARE_PASSED', [passed, done], 'incomplete'],
    ['COMPLETE_WHEN_ALL_UNITS_ARE_PASSED', [passed, passed], 'completed'],
    ['COMPLETE_WHEN_ALL_UNITS_COMPLETE', [noResult, noResult], 'unknown'],
  ])('%s of %j: %s', (mode, units, completion) => {
    const set = settings({ PlayerStatusRollupModeValue: mode, PlayerStatusRollupModeThresholdScore: '0.5' });
    expect(rollUp(units, set).completion).toBe(completion);
  });

  it('takes a threshold of 0 to 1, or a percentage', () => {
    const at = (threshold: string): string =>
      rollUp(
        [passed],
        settings({
          PlayerStatusRollupModeValue: 'COMPLETE_WHEN_THRESHOLD_SCORE_IS_MET',
          PlayerStatusRollupModeThresholdScore: threshold,
        }),
      ).completion;
    expect([at('0.8'), at('80'), at('0.81'), at('81'), at('')]).toEqual([
      'completed',
      'completed',
      'incomplete',
      'incomplete',
      'incomplete',
    ]);
  });

  it('knows every way of the catalogue', () => {
    const modes = catalogue.find(({ id }) => id === 'PlayerStatusRollupModeValue')!.validValues!;
    for (const { value } of modes) {
      const set = settings({ PlayerStatusRollupModeValue: value, PlayerStatusRollupModeThresholdScore: '0.5' });
      expect(rollUp([passed, passed], set).completion).toBe('completed');
    }
  });

  it('is complete by the first part where that is a test of what is known', () => {
    const set = settings({ PlayerFirstScoIsPretest: 'YES' });
    expect(rollUp([passed, noResult, noResult], set).completion).toBe('completed');
    expect(rollUp([failed, noResult, noResult], set).completion).toBe('incomplete');
  });
});

describe('the success of a course', () => {
  it.each<[Result[], Result['success']]>([
    [[passed, done], 'passed'],
    [[passed, open], 'unknown'],
    [[passed, failed], 'failed'],
    [[done, done], 'unknown'],
  ])('of %j: %s', (units, success) => {
    expect(rollUp(units, settings()).success).toBe(success);
  });

  it('can follow its completion', () => {
    expect(rollUp([done], settings({ PlayerApplyRollupStatusToSuccess: 'YES' })).success).toBe('passed');
  });
});

describe('the score of a course', () => {
  const units = [
    unit('completed', 'unknown', 1),
    unit('completed', 'unknown', 0),
    done,
    unit('completed', 'unknown', 0.5),
  ];

  it.each([
    ['SCORE_PROVIDED_BY_COURSE', 0.5],
    ['AVERAGE_SCORE_OF_ALL_UNITS', 0.375],
    ['AVERAGE_SCORE_OF_ALL_UNITS_WITH_SCORES', 0.5],
    ['AVERAGE_SCORE_OF_ALL_UNITS_WITH_NONZERO_SCORES', 0.75],
    ['FIXED_AVERAGE', 0.3],
    ['LAST_SCO_SCORE', 0.5],
  ])('%s: %s', (mode, score) => {
    const set = settings({ PlayerScoreRollupModeValue: mode, PlayerScoreRollupModeNumberOfScoringObjects: '5' });
    expect(rollUp(units, set).score).toBeCloseTo(score);
  });

  it('is none where no part has one', () => {
    expect(rollUp([done], settings()).score).toBeNull();
  });

  it('never leaves its bounds', () => {
    const results = fc.array(
      fc.record({
        completion: fc.constantFrom<Result['completion']>('unknown', 'incomplete', 'completed'),
        success: fc.constantFrom<Result['success']>('unknown', 'passed', 'failed'),
        score: fc.option(fc.double({ min: -1, max: 1, noNaN: true })),
        progress: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      }),
    );
    const mode = fc.constantFrom(
      ...catalogue.find(({ id }) => id === 'PlayerScoreRollupModeValue')!.validValues!.map(({ value }) => value),
    );
    fc.assert(
      fc.property(results, mode, fc.integer({ min: -3, max: 30 }), (all, value, count) => {
        const { score, progress } = rollUp(
          all,
          settings({
            PlayerScoreRollupModeValue: value,
            PlayerScoreRollupModeNumberOfScoringObjects: String(count),
          }),
        );
        expect(score === null || (score >= -1 && score <= 1)).toBe(true);
        expect(progress === null || (progress >= 0 && progress <= 1)).toBe(true);
      }),
    );
  });
});
