import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { CannotStart } from './cannot-start';
import type { ProcessPlan } from './local-process';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries';
import { endsWithin, identityOf, signalIfRunning } from './process-identity';
import { findServerUser, type ServerUser } from './server-user';

/** Where a cluster lives and how it is reached; always on 127.0.0.1. */
export interface ClusterSettings {
  folder: string;
  port: number;
  password: string;
}

/** A folder of databases, with the programs and the user that serve it. */
export interface Cluster extends ClusterSettings {
  binaries: PostgresBinaries;
  user: ServerUser | undefined;
}

const superuser = 'hub';

export const databaseUrl = ({ port, password }: ClusterSettings, database: string): string =>
  `postgres://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;

export const clusterExists = (folder: string): boolean => existsSync(path.join(folder, 'PG_VERSION'));

/** Finds the programs and, the first time, creates the folder of databases. */
export function prepareCluster(settings: ClusterSettings): Cluster {
  const user = findServerUser(settings.folder);
  const cluster = { ...settings, user, binaries: findPostgresBinaries(user) };
  if (!clusterExists(settings.folder)) createCluster(cluster);
  return cluster;
}

/**
 * The built-in C.UTF-8 collation sorts alike on every system and never changes with one, so indexes stay valid. Searches
 * need the system's to know letters of all scripts (pg_trgm); where it has none, those outside ASCII are found without an index.
 * The folder gets its name when it is whole: a start that was killed in between leaves nothing to repair.
 */
function createCluster({ folder, password, binaries, user }: Cluster): void {
  const partial = `${folder}.partial`;
  const passwordFile = path.join(partial, 'password');
  const databases = path.join(partial, 'databases');
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const file of [partial, passwordFile]) chownSync(file, user.uid, user.gid);
  const initdb = (ctype: string) => {
    const args = [
      `--pgdata=${databases}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      `--lc-ctype=${ctype}`,
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      '--no-sync',
    ];
    return spawnSync(binaries.initdb, args, { ...user, cwd: '/', encoding: 'utf8' });
  };
  const wide = initdb('C.UTF-8');
  const { status, stderr, error } = wide.status === 0 ? wide : initdb('C');
  if (status !== 0) {
    throw new CannotStart(`Postgres could not create its folder ${folder}: ${error?.message ?? stderr.trim()}`);
  }
  renameSync(databases, folder);
  rmSync(partial, { recursive: true, force: true });
}

/**
 * Postgres' own defaults are for a small computer of long ago. A quarter of the memory, up to 1 GB, for pages: what is written
 * is spread over many of them. Checkpoints further apart: after each, every page that is changed goes to the log whole once more;
 * in exchange a start after a crash has up to 4 GB of log to go through.
 */
export function memorySettings(memory = os.totalmem()): string[] {
  const megabytes = Math.min(Math.max(Math.floor(memory / 4 / 2 ** 20), 128), 1024);
  return [`shared_buffers=${megabytes}MB`, 'max_wal_size=4GB', 'checkpoint_timeout=15min', 'wal_buffers=16MB'];
}

/** How to run the cluster. `options` are Postgres settings, one `name=value` each. */
export function postgresPlan(cluster: Cluster, options: readonly string[] = []): ProcessPlan {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=UTC', ...options];
  const args = ['-D', cluster.folder, '-p', String(cluster.port), ...settings.flatMap((option) => ['-c', option])];
  return {
    name: 'Postgres',
    command: cluster.binaries.postgres,
    args,
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    user: cluster.user,
    isReady: () => answers(databaseUrl(cluster, 'postgres')),
    readyWithin: 60_000,
    // Fast shutdown: sessions are ended, nothing is lost.
    stopSignal: 'SIGINT',
    graceMs: 20_000,
    // Immediate shutdown: the next start recovers from the log. SIGKILL would leave its sessions behind.
    forceSignal: 'SIGQUIT',
    ownGroup: true,
  };
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Creates the database unless it exists. */
export async function ensureDatabase(cluster: ClusterSettings, name: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl(cluster, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/**
 * Ends a server that still serves this folder because whoever started it was killed. The folder's `postmaster.pid` names
 * the process; its command line must name the folder too, or the number has passed to somebody else: then the file is removed,
 * because Postgres would take that process for itself. True when there was one to end.
 */
export async function stopLeftoverPostgres(folder: string): Promise<boolean> {
  const pidFile = path.join(folder, 'postmaster.pid');
  const pid = existsSync(pidFile) ? Number.parseInt(readFileSync(pidFile, 'utf8'), 10) : Number.NaN;
  const identity = Number.isInteger(pid) ? identityOf(pid) : undefined;
  if (identity === undefined) return false;
  if (!commandLine(pid).includes(folder)) {
    rmSync(pidFile, { force: true });
    return false;
  }
  signalIfRunning({ pid, identity }, 'SIGINT');
  if (await endsWithin({ pid, identity }, 20_000)) return true;
  signalIfRunning({ pid, identity }, 'SIGQUIT');
  return endsWithin({ pid, identity }, 10_000);
}

function commandLine(pid: number): string {
  if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  return spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
}
