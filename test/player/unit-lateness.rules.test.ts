import type { LaunchRow } from '../../src/player/launches.store';
import { isTooLate } from '../../src/player/unit-lateness.rules';
import type { UnitSessionRow } from '../../src/player/unit-sessions.store';

const now = new Date('2026-11-28T12:00:00Z');
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);

type Launch = Pick<LaunchRow, 'finished_at' | 'finished_by'>;
const under: Launch = { finished_at: null, finished_by: null };
const left = (seconds: number): Launch => ({ finished_at: ago(seconds), finished_by: 'exit' });
const silent: Launch = { finished_at: ago(900), finished_by: 'timeout' };
const unit = (state: UnitSessionRow['state'], endedSeconds?: number) =>
  ({ state, notes: {}, ended_at: endedSeconds === undefined ? null : ago(endedSeconds) }) as UnitSessionRow;

describe('what a unit says', () => {
  it.each<[string, Launch, UnitSessionRow, boolean]>([
    ['while it is open', under, unit('open'), false],
    ['as the course is being left', left(5), unit('ended', 5), false],
    ['long after the course was left', left(61), unit('ended', 61), true],
    ['long after it ended, in a course that goes on', under, unit('ended', 61), true],
    ['as another unit is opened', under, unit('ended', 5), false],
    ['after long silence', silent, unit('ended', 900), false],
    ['after long silence, when it had ended before', silent, unit('ended', 1000), true],
    ['when it was abandoned, at once', under, unit('abandoned', 1), true],
    [
      '9.3.8.0-4: when it has said that it is terminated, at once',
      under,
      { ...unit('ended', 1), notes: { said: { terminated: 'id' } } },
      true,
    ],
  ])('%s', (_, launch, session, expected) => {
    expect(isTooLate(launch, session, now)).toBe(expected);
  });
});
