import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../src/local/ports';
import { LocalProcess } from '../../src/local/local-process';
import {
  endsWithin,
  identityOf,
  isRunning,
  self,
  signalIfRunning,
  type KnownProcess,
} from '../../src/local/process-identity';
import {
  databaseUrl,
  postgresPlan,
  prepareCluster,
  stopLeftoverPostgres,
  type Cluster,
} from '../../src/local/postgres';
import { canEnter, findServerUser } from '../../src/local/server-user';

const prefix = 'learning-hub-test-';
const ownerFile = 'owner.json';

/** Two workers hold a few pools each. */
const options = ['max_connections=300', 'shared_buffers=128MB'];
/** What a crash of the machine loses, a test does not miss. */
const carelessOptions = [...options, 'fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** A Postgres of its own for one run of the tests. */
export interface TestPostgres {
  cluster: Cluster;
  url: (database: string) => string;
  /** Ends the server and all its sessions with SIGKILL. */
  kill: () => Promise<void>;
  /** Starts it again after that; it recovers from its log. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
}

/** `durable`: as in production, what is committed survives a kill. */
export async function startTestPostgres({ durable = false } = {}): Promise<TestPostgres> {
  await removeLeftovers();
  const folder = temporaryFolder();
  const cluster = prepareCluster({
    folder: path.join(folder, 'postgres'),
    port: await freePort(),
    password: randomBytes(12).toString('hex'),
  });
  const start = async (): Promise<LocalProcess> => {
    // In our process group: a Ctrl-C that ends Jest ends it too.
    const plan = { ...postgresPlan(cluster, durable ? options : carelessOptions), ownGroup: false };
    const started = new LocalProcess(plan);
    await started.untilReady();
    return started;
  };
  let server = await start();
  const kill = async (): Promise<void> => {
    const sessions = childrenOf(server.pid ?? 0);
    server.signal('SIGKILL');
    // Those that it leaves behind would keep the next one from its memory.
    for (const session of sessions) signalIfRunning(session, 'SIGKILL');
    await server.ended;
    await Promise.all(sessions.map((session) => endsWithin(session, 10_000)));
  };
  const restart = async (): Promise<void> => {
    server = await start();
  };
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { cluster, url: (database) => databaseUrl(cluster, database), kill, restart, stop };
}

function childrenOf(parent: number): KnownProcess[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [pid = 0, parentPid] = line.trim().split(/\s+/).map(Number);
    const identity = parentPid === parent ? identityOf(pid) : undefined;
    return identity === undefined ? [] : [{ pid, identity }];
  });
}

/** Where the user that serves Postgres can go: a private temporary folder of root is not. */
function temporaryFolder(): string {
  const user = findServerUser();
  const base =
    [tmpdir(), '/tmp', '/var/tmp'].find((folder) => user === undefined || canEnter(folder, user)) ?? tmpdir();
  const folder = mkdtempSync(path.join(base, prefix));
  if (user) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  writeFileSync(path.join(folder, ownerFile), JSON.stringify(self()));
  return folder;
}

/** A run that was killed could not clean up behind itself. */
async function removeLeftovers(): Promise<void> {
  for (const base of new Set([tmpdir(), '/tmp', '/var/tmp'])) {
    for (const name of readdirSync(base).filter((entry) => entry.startsWith(prefix))) {
      const folder = path.join(base, name);
      const owner = ownerOf(folder);
      if (owner === undefined || isRunning(owner)) continue;
      await stopLeftoverPostgres(path.join(folder, 'postgres'));
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** Undefined when the folder is another user's, or is being made at this moment. */
function ownerOf(folder: string): KnownProcess | undefined {
  try {
    return JSON.parse(readFileSync(path.join(folder, ownerFile), 'utf8')) as KnownProcess;
  } catch {
    return undefined;
  }
}
