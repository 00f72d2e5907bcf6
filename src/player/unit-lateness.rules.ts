import { forbidden } from '../errors';
import { hasTerminated } from './cmi5-notes';
import type { LaunchRow } from './launches.store';
import type { UnitSessionRow } from './unit-sessions.store';

/** Content says its last while it is taken away, and after that for as long as its requests are under way. In ms. */
export const graceMs = 60_000;

export const tooLate = () => forbidden('The unit was left; what is sent now is not taken any more.');

type Ends = Pick<LaunchRow, 'finished_at' | 'finished_by'>;

/** A launch of which nothing was heard goes on when it is heard of again, and its unit with it. */
export const endedByTimeout = ({ finished_at, finished_by }: Ends, { state, ended_at }: UnitSessionRow): boolean =>
  finished_by === 'timeout' && state === 'ended' && ended_at?.getTime() === finished_at?.getTime();

/** Whether a unit's content may change nothing any more. */
export function isTooLate(launch: Ends, unit: UnitSessionRow, now: Date): boolean {
  if (unit.state === 'abandoned' || hasTerminated(unit)) return true;
  const leftAt = launch.finished_by === 'exit' ? launch.finished_at : null;
  const endedAt = endedByTimeout(launch, unit) ? null : unit.ended_at;
  return [leftAt, endedAt].some((at) => at !== null && now.getTime() - at.getTime() > graceMs);
}
