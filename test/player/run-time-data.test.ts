import { noResult } from '../../src/player/results.rules';
import type { ActivityState, PlayerSeed, SeedActivity } from '../../src/player/browser/player-seed';
import { scorm12Data, scorm2004Data } from '../../src/player/browser/run-time-data';
import { intervalOf, secondsOf, timespanOf } from '../../src/player/browser/time';

const activity = {
  id: 'a',
  title: 'A',
  objectives: ['o1', 'o2'],
  masteryScore: '80',
  scaledPassingScore: 0.5,
} as SeedActivity;
const parts = (resetRunTimeData = 'WHEN_EXIT_IS_NOT_SUSPEND', noCredit = false) => ({
  learner: { id: 'l', name: 'Learner, A' },
  noCredit,
  settings: { resetRunTimeData } as PlayerSeed['settings'],
});
const left = (cmi: Record<string, string>, more: Partial<ActivityState> = {}): ActivityState => ({
  ...noResult,
  cmi,
  seconds: 90,
  attempts: 1,
  sessionOpen: false,
  ...more,
});

describe('times', () => {
  it.each([
    ['0001:02:03.5', 3723.5],
    ['00:00:10', 10],
    ['PT1H2M3.5S', 3723.5],
    ['P1DT1S', 86_401],
    ['PT90S', 90],
    ['soon', 0],
    ['', 0],
  ])('%s is %s seconds', (text, seconds) => {
    expect(secondsOf(text)).toBe(seconds);
  });

  it('are written so that they can be read again', () => {
    for (const seconds of [0, 59, 3600, 360_061]) {
      expect(secondsOf(timespanOf(seconds))).toBe(seconds);
      expect(secondsOf(intervalOf(seconds))).toBe(seconds);
    }
  });
});

describe('what a SCORM 1.2 session begins with', () => {
  const done = { 'cmi.core.lesson_status': 'passed', 'cmi.core.lesson_location': 'p2', 'cmi.suspend_data': 's' };

  it('is new where nothing was left', () => {
    const data = scorm12Data(activity, undefined, parts());
    expect(data).toMatchObject({ 'cmi.core.entry': 'ab-initio', 'cmi.student_data.mastery_score': '80' });
    expect(data).not.toHaveProperty('cmi.core.lesson_status');
  });

  it.each([
    ['suspended', left({ ...done, 'cmi.core.exit': 'suspend' })],
    ['torn away', left(done, { sessionOpen: true })],
  ])('is what it was when it was %s', (_how, state) => {
    const data = scorm12Data(activity, state, parts());
    expect(data).toMatchObject({ ...done, 'cmi.core.entry': 'resume', 'cmi.core.total_time': '0000:01:30' });
    expect(data).not.toHaveProperty('cmi.core.exit');
  });

  it('is new but for the status when it ended in order, unless the course keeps data', () => {
    const anew = scorm12Data(activity, left(done), parts());
    expect(anew).toMatchObject({ 'cmi.core.entry': '', 'cmi.core.lesson_status': 'passed' });
    expect(anew).not.toHaveProperty('cmi.suspend_data');
    expect(scorm12Data(activity, left(done), parts('NEVER'))).toMatchObject(done);
  });

  it('is a review of what is complete', () => {
    const data = scorm12Data(activity, undefined, parts(undefined, true));
    expect(data).toMatchObject({ 'cmi.core.credit': 'no-credit', 'cmi.core.lesson_mode': 'review' });
  });
});

describe('what a SCORM 2004 session begins with', () => {
  it('is the manifest’s objectives and passing score', () => {
    expect(scorm2004Data(activity, undefined, parts())).toMatchObject({
      'cmi.entry': 'ab-initio',
      'cmi.objectives.0.id': 'o1',
      'cmi.objectives.1.id': 'o2',
      'cmi.scaled_passing_score': '0.5',
    });
  });

  it('is what was suspended, and nothing of what ended', () => {
    const cmi = { 'cmi.completion_status': 'incomplete', 'cmi.location': 'x', 'cmi.objectives.0.id': 'o9' };
    const resumed = scorm2004Data(activity, left({ ...cmi, 'cmi.exit': 'suspend' }), parts());
    expect(resumed).toMatchObject({ ...cmi, 'cmi.entry': 'resume', 'cmi.total_time': 'PT90S' });
    expect(resumed).not.toHaveProperty('cmi.objectives.1.id');
    const anew = scorm2004Data(activity, left(cmi), parts());
    expect(anew).toMatchObject({ 'cmi.entry': '', 'cmi.total_time': 'PT0S', 'cmi.objectives.0.id': 'o1' });
    expect(anew).not.toHaveProperty('cmi.location');
  });
});
