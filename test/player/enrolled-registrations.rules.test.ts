import { followsCourse, isOutdated, placeIn } from '../../src/player/enrolled-registrations.rules';
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

  it.each([
    ['unknown', false, false, true],
    ['incomplete', false, true, false],
    ['unknown', false, true, false],
    ['completed', false, true, true],
    ['completed', true, true, false],
  ] as const)('%s, open %s, opened before %s, follows its course: %s', (completion, isOpen, wasOpened, follows) => {
    expect(followsCourse({ completion }, { isOpen, wasOpened })).toBe(follows);
  });

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
