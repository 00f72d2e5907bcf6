import { noResult, type Result } from '../../src/player/results.rules';
import type { UnitReport } from '../../src/player/unit-rules';
import { xapiRules } from '../../src/player/xapi-unit.rules';
import { golf, verb } from '../support/unit-xapi';
import type { Json } from '../support/xapi';

const openedAt = new Date('2026-11-28T12:00:00Z');

interface Known {
  result?: Partial<Result>;
  seconds?: number;
  notes?: Json;
  settings?: Record<string, string>;
}

/** Judges what is said of the unit, a minute after it was opened. */
function judge(statements: Json[], { result = {}, seconds = 0, notes = {}, settings = {} }: Known = {}) {
  const known = { ...noResult, ...result, seconds };
  return xapiRules({
    statements: statements.map((one) => ({ object: { id: golf }, ...one })),
    unit: { activity_id: golf, notes, opened_at: openedAt },
    activity: { identifier: golf },
    activities: new Map([[golf, known]]),
    version: { xapi_activity_id: golf },
    settings: new Map(Object.entries(settings)),
    now: new Date(openedAt.getTime() + 60_000),
  } as unknown as UnitReport);
}

const said = (name: string, result?: Json): Json => ({ verb: verb(name), ...(result && { result }) });
const done = { completion: 'completed' } as const;

describe('what xAPI content says of itself', () => {
  it.each<[string, Json[], Partial<Result>]>([
    ['that it was begun', [said('initialized')], { completion: 'incomplete', success: 'unknown' }],
    ['that it was seen', [said('experienced')], { completion: 'incomplete' }],
    ['that it was completed', [said('completed')], { ...done, success: 'unknown' }],
    ['that it was passed', [said('passed')], { ...done, success: 'passed' }],
    ['that it was passed and not completed', [said('passed', { completion: false })], { completion: 'incomplete' }],
    ['that it was failed', [said('failed')], { completion: 'incomplete', success: 'failed' }],
    ['that it was failed and completed', [said('failed', { completion: true })], { ...done, success: 'failed' }],
    [
      'its results, by whatever verb',
      [said('exited', { completion: true, success: true })],
      { ...done, success: 'passed' },
    ],
    ['a scaled score', [said('scored', { score: { scaled: 0.25, raw: 9, max: 10 } })], { score: 0.25 }],
    ['a raw score between bounds', [said('scored', { score: { raw: 15, min: 10, max: 20 } })], { score: 0.5 }],
    ['a raw score of nobody knows how much', [said('scored', { score: { raw: 15 } })], { score: null }],
    ['that it was failed, then passed', [said('failed'), said('passed')], { ...done, success: 'passed' }],
    ['that it was completed, then left', [said('completed'), said('exited', { completion: false })], done],
    ['an end that ends nothing', [said('terminated')], { completion: 'incomplete' }],
    [
      'something by a verb that is not ADL’s',
      [{ verb: { id: 'https://school.example/verbs/passed' } }],
      { completion: 'incomplete', success: 'unknown' },
    ],
  ])('%s', (_, statements, expected) => {
    expect(judge(statements).result).toMatchObject(expected);
  });

  it.each<[string, Json]>([
    ['a part of it', { ...said('passed'), object: { id: `${golf}/putting` } }],
    ['a person', { ...said('passed'), object: { objectType: 'Agent', mbox: 'mailto:ada@school.example' } }],
    ['another statement', { ...said('passed'), object: { objectType: 'StatementRef', id: golf } }],
  ])('is not what it says of %s', (_, statement) => {
    expect(judge([statement]).result).toEqual(noResult);
  });

  it('adds to what is known already', () => {
    const known = { result: { ...done, success: 'passed', score: 0.8 } } as const;
    expect(judge([said('experienced')], known).result).toMatchObject(known.result);
  });

  it('counts as far as the course is set to', () => {
    const settings = { PlayerIsScoreTracked: 'false', PlayerIsSatisfactionTracked: 'false' };
    const { result } = judge([said('passed', { score: { scaled: 1 } })], { settings });
    expect(result).toEqual({ ...done, success: 'unknown', score: null, progress: null });
  });

  it('takes the time since it was opened, until it tells its own', () => {
    const first = judge([said('experienced')], { seconds: 100 });
    expect(first).toMatchObject({ seconds: 160, notes: { secondsBefore: 100, told: 0 } });
    const second = judge([said('completed', { duration: 'PT1H2M3.5S' })], { seconds: 160, notes: first.notes! });
    expect(second.seconds).toBe(100 + 3723.5);
    const third = judge([said('terminated', { duration: 'PT10S' })], { seconds: 3823.5, notes: second.notes! });
    expect(third.seconds).toBe(3823.5);
  });
});
