import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { freePort, startProcess, type TestProcess } from './support/processes';

const root = path.resolve(__dirname, '..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text!);

jest.setTimeout(180_000);

/** `npm start`, in a folder and on ports of its own; everything else is as the README says. */
describe('the README', () => {
  let hub: TestProcess;
  let folder: string;
  let env: Record<string, string>;
  let ports: Record<'PORT' | 'PLAYER_PORT' | 'POSTGRES_PORT' | 'TEMPORAL_PORT' | 'TEMPORAL_UI_PORT', string>;

  beforeAll(async () => {
    // Where the user that serves Postgres can go, when the tests run as root.
    folder = mkdtempSync('/var/tmp/learning-hub-readme-');
    chmodSync(folder, 0o755);
    ports = {
      PORT: String(await freePort()),
      PLAYER_PORT: String(await freePort()),
      POSTGRES_PORT: String(await freePort()),
      TEMPORAL_PORT: String(await freePort()),
      TEMPORAL_UI_PORT: String(await freePort()),
    };
    env = { ...ports, DATA_DIR: path.join(folder, 'data'), NODE_ENV: 'development' };
    hub = await startProcess({
      entry: 'src/start',
      env,
      readyUrl: `http://127.0.0.1:${ports.PORT}/health/ready`,
    });
    await hub.line((line) => line.includes('Ready after'));
  }, 120_000);
  afterAll(async () => {
    await hub.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  it('has commands in it', () => {
    expect(blocks('bash').length).toBeGreaterThanOrEqual(4);
  });

  it('is true: every command of its session works, one after the other in one shell', () => {
    const script = blocks('bash').join('\n').replaceAll('8080', ports.PORT).replaceAll('/tmp/', `${folder}/`);
    const shell = spawnSync('bash', ['-eu', '-o', 'pipefail', '-c', script], {
      cwd: root,
      env: { ...process.env, ...env },
      encoding: 'utf8',
      timeout: 120_000,
    });
    expect({ status: shell.status, stderr: shell.stderr }).toMatchObject({ status: 0 });
    const job = JSON.parse(readFileSync(path.join(folder, 'job.json'), 'utf8')) as { status: string };
    expect(job.status).toBe('COMPLETE');
    expect(shell.stdout).toContain('"id":"golf-basics"');
    expect(shell.stdout).toContain('acme');
  });

  it('is true: the vendor’s client lists the course with its base URL changed', () => {
    const [script] = blocks('js');
    const node = spawnSync('node', ['-e', script!.replaceAll('8080', ports.PORT)], { cwd: root, encoding: 'utf8' });
    expect(node.stderr).not.toMatch(/Error/);
    expect(node.stdout).toContain('golf-basics');
  });

  it('leads to a Web UI that answers, and pages that exist', async () => {
    expect((await fetch(`http://127.0.0.1:${ports.TEMPORAL_UI_PORT}`)).status).toBe(200);
    for (const [, page] of readme.matchAll(/\]\(((?!http)[^)#]+)\)/g)) {
      expect({ page, there: readable(path.join(root, page!)) }).toEqual({ page, there: true });
    }
  });
});

function readable(file: string): boolean {
  return spawnSync('test', ['-e', file]).status === 0;
}
