import type { DataFolder } from './data-folder';
import { stopLeftoverPostgres } from './postgres';
import { endsWithin, isRunning, signalIfRunning } from './process-identity';
import type { Progress } from './progress';

/** The worker may be finishing an activity. */
const graceMs = 35_000;

/** Ends what an earlier start on this data left running because it was killed. Nothing else: see `process-identity.ts`. */
export async function stopLeftovers(data: DataFolder, progress: Progress): Promise<void> {
  const left = Object.entries(data.knownProcesses).filter(([name, known]) => name !== 'Postgres' && isRunning(known));
  for (const [name, known] of left) {
    await progress.step(`${name}: stopping the one that an earlier start left behind`, async () => {
      signalIfRunning(known, 'SIGTERM');
      if (await endsWithin(known, graceMs)) return;
      signalIfRunning(known, 'SIGKILL');
      await endsWithin(known, graceMs);
    });
  }
  const stopped = await stopLeftoverPostgres(data.join('postgres'));
  if (stopped) progress.say('Postgres: the one that an earlier start left behind was stopped.');
}
