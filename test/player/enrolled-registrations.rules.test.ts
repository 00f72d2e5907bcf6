import { beginsAnew, isOutdated, placeIn } from '../../src/player/enrolled-registrations.rules';
import type { Completion, Success } from '../../src/player/results.rules';
import { toldLearner } from '../../src/player/told-learner.rules';

const [earlier, then, later] = ['2026-01-01', '2026-02-01', '2026-03-01'].map((day) => new Date(day)) as [
  Date,
  Date,
  Date,
];

describe('a registration', () => {
  it.each<[Date | null, Date | null, boolean]>([
    [null, then, false],
    [earlier, null, false],
    [earlier, then, true],
    [then, then, false],
    [later, then, false],
  ])('completed %s is outdated where what counts began %s: %s', (completed_at, countsFrom, outdated) => {
    expect(isOutdated({ completed_at }, countsFrom)).toBe(outdated);
  });

  const newer = '_AND_NEWER_PACKAGE_VERSION_EXISTS';
  it.each<[string | undefined, Completion, Success, [older: boolean, newest: boolean]]>([
    [undefined, 'completed', 'passed', [false, false]],
    ['NEVER', 'completed', 'passed', [false, false]],
    ['WHEN_NEWER_PACKAGE_VERSION_EXISTS', 'incomplete', 'unknown', [true, false]],
    ['WHEN_EXISTING_REG_IS_COMPLETE', 'completed', 'unknown', [true, true]],
    ['WHEN_EXISTING_REG_IS_COMPLETE', 'incomplete', 'unknown', [false, false]],
    [`WHEN_EXISTING_REG_IS_COMPLETE${newer}`, 'completed', 'failed', [true, false]],
    [`WHEN_EXISTING_REG_IS_COMPLETE${newer}`, 'incomplete', 'passed', [false, false]],
    ['WHEN_EXISTING_REG_IS_SATISFIED', 'completed', 'passed', [true, true]],
    ['WHEN_EXISTING_REG_IS_SATISFIED', 'completed', 'unknown', [false, false]],
    [`WHEN_EXISTING_REG_IS_SATISFIED${newer}`, 'incomplete', 'passed', [true, false]],
    [`WHEN_EXISTING_REG_IS_INCOMPLETE${newer}`, 'incomplete', 'unknown', [true, false]],
    [`WHEN_EXISTING_REG_IS_INCOMPLETE${newer}`, 'completed', 'unknown', [false, false]],
    ['WHEN_EXISTING_REG_IS_FAILED', 'completed', 'failed', [true, true]],
    [`WHEN_EXISTING_REG_IS_FAILED${newer}`, 'incomplete', 'failed', [true, false]],
    [`WHEN_EXISTING_REG_IS_FAILED${newer}`, 'incomplete', 'unknown', [false, false]],
  ])(
    'set to %s, %s and %s, begins anew of an older version, of the newest: %j',
    (timing, completion, success, anew) => {
      expect([true, false].map((hasNewer) => beginsAnew(timing, { completion, success }, hasNewer))).toEqual(anew);
    },
  );

  it('begins at the beginning of another version, and where it was in another revision', () => {
    const place = { version_id: 'one', revision: 1, current_activity: 'a', sequencing: '{}' };
    expect(placeIn({ id: 'one', revision: 2 }, place)).toEqual({ ...place, revision: 2 });
    const beginning = { version_id: 'two', revision: 1, current_activity: null, sequencing: null };
    expect(placeIn({ id: 'two', revision: 1 }, place)).toEqual(beginning);
  });
});

it.each([
  ['Ann', 'Lee', 'Lee, Ann'],
  ['', 'Lee', 'Lee'],
  ['Ann', '', 'Ann'],
  ['', '', 'e-4711'],
])('a learner %j %j is told to content as %j', (first_name, last_name, name) => {
  expect(toldLearner({ uid: 'e-4711', first_name, last_name })).toEqual({ id: 'e-4711', name });
});
