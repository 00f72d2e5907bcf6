import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { CannotStart } from './cannot-start';

/** A port that we want to listen on, and the variable that changes it. */
export interface WantedPort {
  purpose: string;
  variable: string;
  port: number;
  host: string;
}

/**
 * A port of 127.0.0.1 on which nothing listens at this moment. Below those that systems give to outgoing connections (from 32768 on
 * Linux, from 49152 elsewhere): one of them could take it before it is listened on.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const port = randomInt(10_000, 32_768);
    if ((await tryToListen(port, '127.0.0.1')) === undefined) return port;
  }
  throw new Error('Of a thousand ports of 127.0.0.1 none can be listened on.');
}

/** Throws one error that names every port that is taken, by whom where the system tells, and how to choose another. */
export async function requireFreePorts(wanted: readonly WantedPort[]): Promise<void> {
  const problems = [...twiceWanted(wanted)];
  for (const port of wanted) {
    const problem = await whyNot(port);
    if (problem) problems.push(problem);
  }
  if (problems.length > 0) throw new CannotStart(problems.join('\n'));
}

function twiceWanted(wanted: readonly WantedPort[]): string[] {
  return wanted.flatMap(({ port, variable, purpose }, index) => {
    const first = wanted.slice(0, index).find((other) => other.port === port);
    return first
      ? [
          `Port ${port} is wanted twice, for ${first.purpose} and ${purpose}: set ${first.variable} or ${variable} to another port.`,
        ]
      : [];
  });
}

async function whyNot({ port, host, purpose, variable }: WantedPort): Promise<string | undefined> {
  const code = await tryToListen(port, host);
  if (code === undefined) return undefined;
  const remedy = `set ${variable} to another port (${variable}=${port + 1} npm start)`;
  if (code === 'EADDRINUSE') {
    const holder = findListener(port);
    const by = holder ? ` by ${holder}` : '';
    return `Port ${port}, wanted for ${purpose}, is in use${by}. End that, or ${remedy}.`;
  }
  if (code === 'EACCES') return `Port ${port}, wanted for ${purpose}, may not be opened by this user: ${remedy}.`;
  return `Port ${port} of ${host}, wanted for ${purpose}, cannot be opened (${code}): ${remedy}.`;
}

function tryToListen(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      .listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** "process 123 (node server.js)", where /proc lets us see it. */
export function findListener(port: number): string | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  for (const pid of listFolder('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const sockets = listFolder(`/proc/${pid}/fd`).map((fd) => readLink(`/proc/${pid}/fd/${fd}`));
    if (sockets.some((target) => inodes.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? ''))) {
      const command = readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
      return `process ${pid} (${command.length > 80 ? `${command.slice(0, 80)}…` : command})`;
    }
  }
  return undefined;
}

/** Lines of proc_net(5): local address in column 1 as hex `ip:port`, state in column 3 (0A listens), inode in column 9. */
function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readText(table)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) && columns[3] === '0A')
    .map((columns) => columns[9] ?? '');
}

const orElse =
  <T>(read: (path: string) => T, otherwise: T) =>
  (path: string): T => {
    try {
      return read(path);
    } catch {
      return otherwise;
    }
  };

const listFolder = orElse<string[]>((folder) => readdirSync(folder), []);
const readLink = orElse((link) => readlinkSync(link), '');
const readText = orElse((file) => readFileSync(file, 'utf8'), '');
