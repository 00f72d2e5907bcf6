import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { CannotStart } from './cannot-start';

/** An ordinary user of this machine, by number, as `spawn` takes it. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/** In order of preference. Every system has the last one. */
const candidates = ['postgres', '_postgres', 'nobody'];

export const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * The user that Postgres must run as because it refuses to run as root; undefined when this process is an ordinary user's.
 * A cluster that exists keeps its owner, whatever users were added since.
 */
export function findServerUser(clusterFolder?: string): ServerUser | undefined {
  if (!isRoot()) return undefined;
  const owner = clusterFolder === undefined ? undefined : statSync(clusterFolder, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const users = readFileSync('/etc/passwd', 'utf8');
  for (const name of candidates) {
    const [, uid, gid] = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm').exec(users) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new CannotStart(
    'Postgres does not run as root, and this machine has no ordinary user named postgres or nobody to run it as. ' +
      'Add one (useradd --system postgres), start as another user, or set DATABASE_URL to a Postgres that runs already.',
  );
}

/** Whether that user can enter a folder. Asked of the system, because every folder above it counts, and access lists too. */
export const canEnter = (folder: string, user: ServerUser): boolean =>
  spawnSync('test', ['-x', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
