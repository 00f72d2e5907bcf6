import { cmi5Rules } from '../../src/player/cmi5.rules';
import { cmi5ActivityIri } from '../../src/player/cmi5-terms.rules';
import { noResult, type Result } from '../../src/player/results.rules';
import type { UnitReport } from '../../src/player/unit-rules';
import type { Json } from '../support/xapi';

const versionId = '0192d7a0-0000-7000-8000-000000000001';
const session = '0192d7a0-0000-7000-8000-000000000002';
const registration = '0192d7a0-0000-7000-8000-000000000003';
const au = 'https://school.example/au/1';
const openedAt = new Date('2026-11-28T12:00:00Z');
const actor = { objectType: 'Agent', account: { homePage: 'https://hub.example', name: 'ada' } };

const sessionId = 'https://w3id.org/xapi/cmi5/context/extensions/sessionid';
const mastery = 'https://w3id.org/xapi/cmi5/context/extensions/masteryscore';
const progress = 'https://w3id.org/xapi/cmi5/result/extensions/progress';
const cmi5 = { id: 'https://w3id.org/xapi/cmi5/context/categories/cmi5' };
const moveOn = { id: 'https://w3id.org/xapi/cmi5/context/categories/moveon' };

/** Changes one place of a statement, deep inside; undefined: takes it away. */
function changed(statement: Json, path: string, value: unknown): Json {
  const copy = structuredClone(statement);
  const names = path.split('.');
  const last = names.pop()!;
  const holder = names.reduce((object, name) => (object[name] ??= {}) as Json, copy);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

let count = 0;
const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A "cmi5 allowed" statement. */
const allowed = (verb = 'https://school.example/verbs/read', more: Json = {}): Json => ({
  id: idOf((count += 1)),
  timestamp: '2026-11-28T12:00:30.000Z',
  actor,
  verb: { id: verb },
  object: { id: cmi5ActivityIri(versionId, au) },
  context: {
    registration,
    contextActivities: { grouping: [{ id: au }] },
    extensions: { [sessionId]: session },
  },
  ...more,
});

const results: Record<string, Json> = {
  completed: { completion: true, duration: 'PT20S' },
  passed: { success: true, duration: 'PT20S' },
  failed: { success: false, duration: 'PT20S' },
  terminated: { duration: 'PT45S' },
};

/** A "cmi5 defined" statement, as it should be. */
function defined(name: string, result: Json = {}): Json {
  const statement = allowed(`http://adlnet.gov/expapi/verbs/${name}`);
  const isResult = ['completed', 'passed', 'failed'].includes(name);
  const whole = { ...results[name], ...result };
  return {
    ...changed(statement, 'context.contextActivities.category', isResult ? [cmi5, moveOn] : [cmi5]),
    ...(Object.keys(whole).length > 0 && { result: whole }),
  };
}

interface Known {
  /** Verbs that were said in the session. */
  said?: string[];
  result?: Partial<Result>;
  launchMode?: string;
  masteryScore?: number;
  preferences?: boolean;
  moveOn?: string;
  secondsBefore?: number;
}

const unit = (identifier: string, criterion?: string) => ({
  identifier,
  title: identifier,
  href: 'au.html',
  children: [],
  ...(criterion && { moveOn: criterion }),
});

/** Judges what the AU says, a minute after it was launched. */
function judge(statements: Json[], known: Known = {}) {
  const { said = ['initialized'], result, masteryScore, preferences = true, secondsBefore = 0 } = known;
  const activity = unit(au, known.moveOn ?? 'CompletedAndPassed');
  const free = unit('https://school.example/au/free', 'NotApplicable');
  const block = (id: string, children: object[]) => ({ identifier: id, title: id, children });
  const rootActivity = block('https://school.example/course', [
    block('https://school.example/block/1', [activity, free]),
    block('https://school.example/block/2', [free]),
    unit('https://school.example/au/2', 'Passed'),
  ]);
  return cmi5Rules({
    statements,
    unit: {
      id: session,
      activity_id: au,
      opened_at: openedAt,
      notes: {
        launchMode: known.launchMode ?? 'Normal',
        ...(masteryScore !== undefined && { masteryScore }),
        secondsBefore,
        preferences,
        said: Object.fromEntries(said.map((verb, index) => [verb, idOf(900_000 + index)])),
      },
    },
    activity,
    activities: new Map(result ? [[au, { ...noResult, ...result }]] : []),
    registration: { id: registration },
    version: { id: versionId, structure: { rootActivity } },
    now: new Date(openedAt.getTime() + 60_000),
    newId: () => idOf((count += 1)),
  } as unknown as UnitReport);
}

describe('what an AU says', () => {
  it('7.1.1.0-1, 9.3.2.0-2: begins with initialized', () => {
    const judged = judge([defined('initialized')], { said: [] });
    expect(judged).toMatchObject({ result: { completion: 'incomplete' }, seconds: 60, ends: false });
    expect(judged.notes).toMatchObject({ said: { initialized: expect.any(String) } });
  });

  it('9.3.3.0-3: completes it', () => {
    expect(judge([defined('completed')]).result).toEqual({ ...noResult, completion: 'completed', progress: 1 });
  });

  it('9.3.4.0-4: passes it, which does not complete it', () => {
    const { result } = judge([defined('passed', { score: { scaled: 0.75 } })]);
    expect(result).toEqual({ ...noResult, completion: 'incomplete', success: 'passed', score: 0.75 });
  });

  it('fails it, by a raw score between its bounds', () => {
    const score = { raw: 3, min: 0, max: 12 };
    expect(judge([defined('failed', { score })]).result).toMatchObject({ success: 'failed', score: 0.25 });
  });

  it('9.3.8.0-3: ends the session with terminated, whose duration is the session’s', () => {
    const { ends, seconds } = judge([defined('terminated')], { secondsBefore: 100 });
    expect([ends, seconds]).toEqual([true, 145]);
  });

  it('9.3.0.0-9: is taken whatever its verb, where it is “cmi5 allowed”, and makes no result', () => {
    const said = ['passed', 'completed', 'initialized'].map((name) =>
      allowed(`http://adlnet.gov/expapi/verbs/${name}`, { result: { success: true, completion: true } }),
    );
    const elsewhere = allowed(undefined, { object: { id: 'https://school.example/page/1' } });
    expect(judge([...said, elsewhere]).result).toEqual(noResult);
  });

  it('tells its progress, as far as it is not completed', () => {
    const told = allowed(undefined, { result: { extensions: { [progress]: 40 } } });
    expect(judge([told]).result).toMatchObject({ progress: 0.4 });
    const ofPage = { ...told, object: { id: 'https://school.example/page/1' } };
    expect(judge([ofPage]).result).toMatchObject({ progress: null });
    const done = { completion: 'completed', progress: 1 } as const;
    expect(judge([told], { result: done }).result).toMatchObject({ progress: 1 });
  });

  it('goes by its timestamps, in one request', () => {
    const at = (statement: Json, second: number): Json => ({ ...statement, timestamp: `2026-11-28T12:00:0${second}Z` });
    const all = [at(defined('terminated'), 5), at(defined('initialized'), 1), at(defined('completed'), 3)];
    expect(judge(all, { said: [] })).toMatchObject({ result: { completion: 'completed' }, ends: true });
    const late = [at(defined('initialized'), 1), at(defined('terminated'), 2), at(allowed(), 3)];
    expect(() => judge(late, { said: [] })).toThrow('9.3.8');
  });

  it('is taken again where its session knows it', () => {
    const initialized = { ...defined('initialized'), id: idOf(900_000).toUpperCase() };
    expect(judge([initialized]).notes).toMatchObject({ said: { initialized: idOf(900_000) } });
  });

  it('may be failed in one session, and passed in the next', () => {
    const known = { said: ['initialized'], result: { success: 'failed', score: 0.2 } } as const;
    expect(judge([defined('passed', { score: { scaled: 0.9 } })], { ...known, said: ['initialized'] }).result).toEqual({
      completion: 'incomplete',
      success: 'passed',
      score: 0.9,
      progress: null,
    });
  });
});

const scored = (name: string, score: Json): Json => defined(name, { score });
const withMastery = (statement: Json, value: unknown = 0.8): Json =>
  changed(statement, 'context.extensions', { [sessionId]: session, [mastery]: value });
const category = (statement: Json, list: Json[]): Json =>
  changed(statement, 'context.contextActivities.category', list);

describe('what an AU may not say', () => {
  it.each<[string, Json[], Known, string]>([
    // 6.3 and 7
    ['6.3.0.0-1: that another statement is void', [allowed('http://adlnet.gov/expapi/verbs/voided')], {}, '6.3'],
    ['7.1.1.0-1 (d2), 7.1.3.0-1 (d1), 9.3.0.0-4 (d2): anything before initialized', [allowed()], { said: [] }, '9.3.2'],
    ['9.3.2.0-2: another verb first', [defined('completed')], { said: [] }, '9.3.2'],
    [
      '7.1.2.0-1 (d2), 7.1.3.0-1 (d2), 9.3.0.0-5 (d2): anything after terminated',
      [allowed()],
      { said: ['initialized', 'terminated'] },
      '9.3.8',
    ],
    ['9.3.8.0-2: anything behind terminated', [defined('terminated'), allowed()], {}, '9.3.8'],
    [
      '11.0.0.0-3 (d2): initialized, before it has read the learner’s preferences',
      [defined('initialized')],
      { said: [], preferences: false },
      'cmi5 11',
    ],
    // 8.1.5, 9.3
    [
      '8.1.5.0-6 (d), 9.4.0.0-1 (d), 9.4.0.0-2: of another activity',
      [{ ...defined('completed'), object: { id: au } }],
      {},
      '9.4',
    ],
    [
      '9.4.0.0-1 (d): of an agent',
      [{ ...defined('completed'), object: { ...actor, id: cmi5ActivityIri(versionId, au) } }],
      {},
      '9.4',
    ],
    [
      '9.3.0.0-1: what the LMS says',
      [category(allowed('https://w3id.org/xapi/adl/verbs/abandoned'), [cmi5])],
      {},
      'cmi5 9.3',
    ],
    ['9.3.0.0-2 (d), 9.3.2.0-3 (d): initialized twice', [defined('initialized')], {}, 'cmi5 9.3'],
    ['9.3.0.0-2 (d): completed twice', [defined('completed'), defined('completed')], {}, 'cmi5 9.3'],
    ['9.3.0.0-3 (d): failed, then passed', [defined('failed'), defined('passed')], {}, 'cmi5 9.3'],
    ['9.3.0.0-3 (d): passed, then failed', [defined('passed'), defined('failed')], {}, 'cmi5 9.3'],
    [
      '9.3.0.0-6 (d2), 9.3.3.0-2: completed again in the registration',
      [defined('completed')],
      { result: { completion: 'completed' } },
      '9.3.3',
    ],
    [
      '9.3.0.0-7 (d2), 9.3.4.0-3: passed again in the registration',
      [defined('passed')],
      { result: { success: 'passed' } },
      'cmi5 9.3',
    ],
    ['9.3.0.0-8 (d): failed after passed', [defined('failed')], { result: { success: 'passed' } }, 'cmi5 9.3'],
    // Scores
    [
      '9.3.4.0-2 (d2), 9.5.1.0-1: passed below the masteryScore',
      [withMastery(scored('passed', { scaled: 0.79 }))],
      { masteryScore: 0.8 },
      '9.3.4',
    ],
    [
      '9.3.5.0-2 (d), 10.2.4.0-2: failed with the masteryScore',
      [withMastery(scored('failed', { scaled: 0.8 }))],
      { masteryScore: 0.8 },
      '9.3.5',
    ],
    ['9.5.1.0-2 (d): completed with a score', [scored('completed', { scaled: 1 })], {}, '9.5.1'],
    ['9.5.1.0-3 (d1): a raw score without min', [scored('passed', { raw: 1, max: 2 })], {}, '9.5.1'],
    ['9.5.1.0-3 (d2): a raw score without max', [scored('failed', { raw: 1, min: 0 })], {}, '9.5.1'],
    ['9.5.1: a score below nothing', [scored('failed', { scaled: -0.1 })], {}, '9.5.1'],
    // Success, completion, duration
    ['9.5.2.0-1 (d1): passed without success', [changed(defined('passed'), 'result.success', undefined)], {}, '9.5.2'],
    ['9.5.2.0-1 (d1): passed without success being so', [defined('passed', { success: false })], {}, '9.5.2'],
    ['9.5.2.0-2 (d): failed without success', [changed(defined('failed'), 'result.success', undefined)], {}, '9.5.2'],
    ['9.5.2.0-2 (d): failed with success', [defined('failed', { success: true })], {}, '9.5.2'],
    ['9.5.2.0-3 (d): completed with success', [defined('completed', { success: true })], {}, '9.5.2'],
    [
      '9.5.3.0-1 (d1): completed without completion',
      [changed(defined('completed'), 'result.completion', undefined)],
      {},
      '9.5.3',
    ],
    [
      '9.5.3.0-1 (d1): completed without completion being so',
      [defined('completed', { completion: false })],
      {},
      '9.5.3',
    ],
    ['9.5.3.0-2 (d): passed with completion', [defined('passed', { completion: true })], {}, '9.5.3'],
    [
      '9.5.4.1-1 (d): terminated without a duration',
      [changed(defined('terminated'), 'result', undefined)],
      {},
      '9.5.4',
    ],
    [
      '9.5.4.1-2 (d): completed without a duration',
      [changed(defined('completed'), 'result.duration', undefined)],
      {},
      '9.5.4',
    ],
    [
      '9.5.4.1-3 (d): passed without a duration',
      [changed(defined('passed'), 'result.duration', undefined)],
      {},
      '9.5.4',
    ],
    [
      '9.5.4.1-4 (d): failed without a duration',
      [changed(defined('failed'), 'result.duration', undefined)],
      {},
      '9.5.4',
    ],
    [
      '9.5.5.1: a progress that is none',
      [allowed(undefined, { result: { extensions: { [progress]: 100.5 } } })],
      {},
      '9.5.5.1',
    ],
    // Context
    [
      '9.6.0.0-1 (d): without a context',
      [changed(defined('completed'), 'context', { contextActivities: { category: [cmi5, moveOn] } })],
      {},
      '9.6.3.1',
    ],
    [
      '9.6.2.0-1 (d), 10.2.1.0-6 (d): without what the template groups',
      [changed(defined('completed'), 'context.contextActivities.grouping', undefined)],
      {},
      '10.2.1',
    ],
    [
      '10.2.1.0-7 (d): with another grouping in its place',
      [changed(allowed(), 'context.contextActivities.grouping', [{ id: 'https://school.example/other' }])],
      {},
      '10.2.1',
    ],
    ['9.6.2.2-1 (d1): completed outside of moveOn', [category(defined('completed'), [cmi5])], {}, '9.6.2.2'],
    ['9.6.2.2-1 (d2): passed outside of moveOn', [category(defined('passed'), [cmi5])], {}, '9.6.2.2'],
    ['9.6.2.2-1 (d3): failed outside of moveOn', [category(defined('failed'), [cmi5])], {}, '9.6.2.2'],
    ['9.6.2.2-2 (d): terminated within moveOn', [category(defined('terminated'), [cmi5, moveOn])], {}, '9.6.2.2'],
    ['9.6.2.2-2 (d): “allowed” within moveOn', [category(allowed(), [moveOn])], {}, '9.6.2.2'],
    ['9.6.3.1-4 (d): without the session’s id', [changed(allowed(), 'context.extensions', undefined)], {}, '9.6.3.1'],
    [
      '9.6.3.1-4 (d): with the id of another session',
      [changed(allowed(), 'context.extensions', { [sessionId]: registration })],
      {},
      '9.6.3.1',
    ],
    [
      '9.6.3.2-2 (d): a score without the masteryScore',
      [scored('passed', { scaled: 0.9 })],
      { masteryScore: 0.8 },
      '9.6.3.2',
    ],
    [
      '9.6.3.2-2 (d): with another masteryScore',
      [withMastery(defined('passed'), 0.7)],
      { masteryScore: 0.8 },
      '9.6.3.2',
    ],
    // Time and mode
    ['9.7.0.0-1 (d): without a timestamp', [changed(allowed(), 'timestamp', undefined)], {}, '9.7'],
    [
      '9.7.0.0-2 (d): at a time that is not UTC',
      [allowed(undefined, { timestamp: '2026-11-28T13:00:30+01:00' })],
      {},
      '9.7',
    ],
    [
      '10.2.2.0-2 (d), 10.2.2.0-5 (d): completed while browsing',
      [defined('completed')],
      { launchMode: 'Browse' },
      '10.2.2',
    ],
    ['10.2.2.0-9: passed while browsing', [defined('passed')], { launchMode: 'Browse' }, '10.2.2'],
    ['10.2.2.0-3 (d): failed in a review', [defined('failed')], { launchMode: 'Review' }, '10.2.2'],
    ['10.2.2.0-11: completed in a review', [defined('completed')], { launchMode: 'Review' }, '10.2.2'],
  ])('%s', (_, statements, known, section) => {
    const why = (() => {
      try {
        judge(statements, known);
        return undefined;
      } catch (error) {
        return error as { kind: string; message: string };
      }
    })();
    expect(why).toMatchObject({ kind: 'forbidden', message: expect.stringContaining(section) });
  });

  it.each(['Browse', 'Review'])(
    '10.2.2.0-8, 10.2.2.0-10: but its beginning and its end, in the mode %s',
    (launchMode) => {
      const said = [defined('initialized'), allowed(), defined('terminated')];
      expect(judge(said, { said: [], launchMode })).toMatchObject({ ends: true });
    },
  );

  it('9.3.4.0-2 (d1), 9.3.5.0-2: a score that the masteryScore allows is taken', () => {
    const known = { masteryScore: 0.8 };
    expect(judge([withMastery(scored('passed', { scaled: 0.8 }))], known).result).toMatchObject({ score: 0.8 });
    expect(judge([withMastery(scored('failed', { scaled: 0.79 }))], known).result).toMatchObject({ score: 0.79 });
    expect(judge([defined('passed')], known).result).toMatchObject({ success: 'passed', score: null });
  });

  it('9.7.0.0-2: UTC may be written as an offset', () => {
    expect(judge([allowed(undefined, { timestamp: '2026-11-28T12:00:30+00:00' })]).ends).toBe(false);
  });
});

describe('what the hub says then', () => {
  const satisfied = (judged: ReturnType<typeof judge>) => judged.statements ?? [];

  it.each<[string, string, Json[], Partial<Result>, number]>([
    ['Passed', 'passed', [defined('passed')], {}, 1],
    ['Passed', 'completed', [defined('completed')], {}, 0],
    ['Completed', 'completed', [defined('completed')], {}, 1],
    ['Completed', 'passed', [defined('passed')], {}, 0],
    ['CompletedAndPassed', 'completed', [defined('completed')], {}, 0],
    ['CompletedAndPassed', 'both', [defined('completed'), defined('passed')], {}, 1],
    ['CompletedAndPassed', 'the second of both', [defined('passed')], { completion: 'completed' }, 1],
    ['CompletedOrPassed', 'failed', [defined('failed')], {}, 0],
    ['CompletedOrPassed', 'passed', [defined('passed')], {}, 1],
    ['CompletedOrPassed', 'the second of both', [defined('completed')], { success: 'passed' }, 0],
    ['NotApplicable', 'completed', [defined('completed')], {}, 0],
  ])('9.3.9.0-1: of moveOn %s, when it is %s: %#', (criterion, _, statements, result, count_) => {
    expect(satisfied(judge(statements, { moveOn: criterion, result }))).toHaveLength(count_);
  });

  it('9.3.9.0-2, 9.3.9.0-3, 9.3.9.0-4, 9.3.9.0-9, 9.6.2.3-2, 9.6.3.1-3: names the block by an id of its own, in the session', () => {
    const [statement, ...more] = satisfied(judge([defined('completed')], { moveOn: 'Completed' }));
    expect(more).toEqual([]);
    const block = 'https://school.example/block/1';
    expect(statement).toMatchObject({
      actor,
      verb: { id: 'https://w3id.org/xapi/adl/verbs/satisfied' },
      object: {
        id: cmi5ActivityIri(versionId, block),
        definition: { type: 'https://w3id.org/xapi/cmi5/activitytype/block' },
      },
      context: {
        registration,
        contextActivities: { category: [cmi5], grouping: [{ id: block }] },
        extensions: { [sessionId]: session },
      },
    });
    expect(cmi5ActivityIri(versionId, block)).not.toBe(block);
  });
});
