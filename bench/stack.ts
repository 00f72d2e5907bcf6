import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { LocalHub } from '../src/local/local-hub';
import { databaseUrl } from '../src/local/postgres';
import { freePort } from '../src/local/ports';
import { TextProgress } from '../src/local/progress';
import { readLocalSettings } from '../src/local/settings';
import { createSecrets, type Secrets } from '../src/secrets';

export type StackProcess = 'api' | 'worker' | 'Postgres' | 'Temporal';

/** The whole hub as `npm start` brings it up, on ports and data of its own. */
export interface Stack {
  url: string;
  authorization: string;
  databaseUrl: string;
  folder: string;
  /** Of the data folder's own master key: what the hub's processes encrypt, it decrypts. */
  secrets: Secrets;
  /** The number of a process that runs now. */
  pidOf: (name: StackProcess) => number;
  /** Resident memory of a process of the hub now, in bytes. */
  memoryOf: (name: StackProcess) => number;
  stop: () => Promise<void>;
}

/** Where the user that serves Postgres can go, and on a disk, not in memory. */
const scratch = existsSync('/var/tmp') ? '/var/tmp' : '/tmp';

export async function startStack(env: Record<string, string> = {}): Promise<Stack> {
  const folder = mkdtempSync(path.join(scratch, 'learning-hub-bench-'));
  chmodSync(folder, 0o755); // Postgres runs as another user when we are root.
  const [port, postgres, temporal, ui] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const settings = readLocalSettings(
    {
      ...process.env,
      ...env,
      PORT: String(port),
      PLAYER_PORT: String(await freePort()),
      POSTGRES_PORT: String(postgres),
      TEMPORAL_PORT: String(temporal),
      TEMPORAL_UI_PORT: String(ui),
      DATA_DIR: path.join(folder, 'data'),
    },
    [],
  );
  const hub = LocalHub.open(settings, new TextProgress((text) => process.stderr.write(text)));
  await hub.start();
  return {
    url: `http://127.0.0.1:${port}`,
    authorization: `Basic ${Buffer.from('demo:demo-secret').toString('base64')}`,
    databaseUrl: databaseUrl(
      { folder, port: postgres, password: readFileSync(path.join(folder, 'data', 'postgres-password'), 'utf8').trim() },
      'learning_hub',
    ),
    folder,
    secrets: createSecrets(Buffer.from(readFileSync(path.join(folder, 'data', 'secret'), 'utf8'), 'base64')),
    pidOf: (name) => hub.pidOf(name),
    memoryOf: (name) => residentBytes(hub.pidOf(name)),
    async stop() {
      await hub.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
