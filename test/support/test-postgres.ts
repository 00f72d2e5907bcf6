import { randomBytes } from 'node:crypto';
import { chownSync, chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../src/local/ports';
import { LocalProcess } from '../../src/local/local-process';
import { isRunning, self, type KnownProcess } from '../../src/local/process-identity';
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

/** What a crash of the machine loses, a test does not miss; and two workers hold a few pools each. */
const options = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=300',
  'shared_buffers=128MB',
];

/** For tests that kill the server: what it has acknowledged it still knows. The machine itself does not crash. */
const durableOptions = ['fsync=off', 'max_connections=300', 'shared_buffers=128MB'];

/** A Postgres of its own for one run of the tests. */
export interface TestPostgres {
  cluster: Cluster;
  url: (database: string) => string;
  stop: () => Promise<void>;
  /** Kills the server with SIGKILL, as the system would. */
  crash: () => Promise<void>;
  /** Starts it again on the same data, after a crash. */
  restart: () => Promise<void>;
}

export async function startTestPostgres({ durable = false } = {}): Promise<TestPostgres> {
  await removeLeftovers();
  const folder = temporaryFolder();
  const cluster = prepareCluster({
    folder: path.join(folder, 'postgres'),
    port: await freePort(),
    password: randomBytes(12).toString('hex'),
  });
  // In our process group: a Ctrl-C that ends Jest ends it too.
  const plan = { ...postgresPlan(cluster, durable ? durableOptions : options), ownGroup: false };
  let server = new LocalProcess(plan);
  await server.untilReady();
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    cluster,
    url: (database) => databaseUrl(cluster, database),
    stop,
    async crash() {
      server.signal('SIGKILL');
      await server.ended;
    },
    async restart() {
      // The dead server's sessions let go of its memory once they notice that it is gone.
      for (let attempt = 0; ; attempt += 1) {
        server = new LocalProcess(plan);
        try {
          return await server.untilReady();
        } catch (error) {
          if (attempt === 20) throw error;
          await new Promise((resolve) => setTimeout(resolve, 250));
        }
      }
    },
  };
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
