import type { Activity } from '../../src/courses/packages/package';
import { resultOf } from '../../src/player/cmi.rules';
import { noResult, type Result } from '../../src/player/results.rules';

const activity: Activity = { identifier: 'a', type: 'SCO', title: 'A', children: [], masteryScore: '70' };
const of = (cmi: Record<string, string>, settings: Record<string, string> = {}, before: Result = noResult) =>
  resultOf(cmi, { activity, settings: new Map(Object.entries(settings)), before });

describe('run-time data of SCORM 1.2', () => {
  it.each([
    ['passed', 'completed', 'passed'],
    ['completed', 'completed', 'unknown'],
    ['failed', 'unknown', 'failed'],
    ['incomplete', 'incomplete', 'unknown'],
    ['browsed', 'incomplete', 'unknown'],
    ['not attempted', 'incomplete', 'unknown'],
    ['whatever', 'unknown', 'unknown'],
  ])('%s means %s and %s', (status, completion, success) => {
    const set = { PlayerCompletionStatOfFailedSuccessStat: 'Unknown' };
    expect(of({ 'cmi.core.lesson_status': status }, set)).toMatchObject({ completion, success });
  });

  it.each([
    [{ raw: '80' }, 0.8],
    [{ raw: '30', min: '20', max: '40' }, 0.5],
    [{ raw: '30', max: '60' }, 0.5],
    [{ raw: '120' }, 1],
    [{ raw: '50', min: '10', max: '10' }, 0.5],
    [{ raw: 'many' }, null],
    [{}, null],
  ])('scores %j as %s', (score, scaled) => {
    const elements = Object.entries(score).map(([name, value]) => [`cmi.core.score.${name}`, value]);
    expect(of({ 'cmi.core.lesson_status': 'completed', ...Object.fromEntries(elements) }).score).toBe(scaled);
  });

  it('is judged by the score where the course is set so', () => {
    const cmi = { 'cmi.core.lesson_status': 'completed', 'cmi.core.score.raw': '60' };
    expect(of(cmi).success).toBe('unknown');
    expect(of(cmi, { PlayerScoreOverridesStatus: 'YES' }).success).toBe('failed');
    expect(of({ ...cmi, 'cmi.core.score.raw': '70' }, { PlayerScoreOverridesStatus: 'YES' }).success).toBe('passed');
  });

  it('keeps what was completed unless the course lets content take it back', () => {
    const before = { ...noResult, completion: 'completed' as const };
    const cmi = { 'cmi.core.lesson_status': 'incomplete' };
    expect(of(cmi, { PlayerAllowCompleteStatusChange: 'NO' }, before).completion).toBe('completed');
    expect(of(cmi, { PlayerAllowCompleteStatusChange: 'YES' }, before).completion).toBe('incomplete');
  });

  it('of a failed activity is as complete as the course is set', () => {
    const cmi = { 'cmi.core.lesson_status': 'failed' };
    for (const [value, completion] of [
      ['Completed', 'completed'],
      ['Incomplete', 'incomplete'],
      ['Unknown', 'unknown'],
    ]) {
      expect(of(cmi, { PlayerCompletionStatOfFailedSuccessStat: value! }).completion).toBe(completion);
    }
  });
});

describe('run-time data of SCORM 2004', () => {
  it('says completion and success apart, with its scaled score', () => {
    const cmi = {
      'cmi.completion_status': 'completed',
      'cmi.success_status': 'failed',
      'cmi.score.scaled': '0.25',
      'cmi.progress_measure': '1',
    };
    expect(of(cmi)).toEqual({ completion: 'completed', success: 'failed', score: 0.25, progress: 1 });
  });

  it('may scale the raw score, and complete what is passed', () => {
    const cmi = { 'cmi.completion_status': 'incomplete', 'cmi.success_status': 'passed', 'cmi.score.raw': '45' };
    expect(of(cmi)).toMatchObject({ completion: 'incomplete', score: null });
    const set = { PlayerScaleRawScore: 'YES', PlayerSatisfiedCausesCompletion: 'YES' };
    expect(of(cmi, set)).toMatchObject({ completion: 'completed', score: 0.45 });
  });
});

describe('what does not count', () => {
  const cmi = { 'cmi.completion_status': 'incomplete', 'cmi.success_status': 'passed', 'cmi.score.scaled': '1' };

  it.each([
    ['PlayerIsCompletionTracked', { completion: 'unknown' }],
    ['PlayerIsSatisfactionTracked', { success: 'unknown' }],
    ['PlayerIsScoreTracked', { score: null }],
    ['PlayerIsIncompleteSatisfactionMeaningful', { success: 'unknown' }],
    ['PlayerIsIncompleteScoreMeaningful', { score: null }],
  ])('%s: NO', (setting, expected) => {
    expect(of(cmi, { [setting]: 'NO' })).toMatchObject(expected);
    expect(of(cmi, { [setting]: 'YES' })).toMatchObject({ completion: 'incomplete', success: 'passed', score: 1 });
  });
});
