import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Makes requests up from an OpenAPI document, and holds the answers against it. */
const requirement = 'schemathesis==4.32.5';
const folder = path.resolve(__dirname, '../../.cache', requirement.replace('==', '-'));

/** Why it cannot run here; undefined when it can. */
export function whyNoSchemathesis(): string | undefined {
  return spawnSync('python3', ['-m', 'pip', '--version']).status === 0
    ? undefined
    : 'python3 with pip is not installed';
}

async function install(): Promise<void> {
  if (existsSync(folder)) return;
  const partial = `${folder}.${process.pid}`;
  await mkdir(path.dirname(folder), { recursive: true });
  await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', partial, requirement]);
  await rename(partial, folder).catch(() => rm(partial, { recursive: true, force: true })); // Another was first.
}

/** Runs it with these arguments; answers what it printed and how it ended. */
export async function schemathesis(args: readonly string[]): Promise<{ code: number; output: string }> {
  await install();
  const env = { ...process.env, PYTHONPATH: folder };
  const script = 'from schemathesis.cli import schemathesis; schemathesis()';
  try {
    const { stdout } = await run('python3', ['-c', script, ...args], {
      env,
      // It keeps notes where it runs.
      cwd: path.dirname(folder),
      maxBuffer: 64 * 1024 * 1024,
    });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string };
    return { code: code ?? 1, output: stdout + stderr };
  }
}
