import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { LocalProcess } from '../../src/local/local-process';
import { freePort } from '../../src/local/ports';
import { canEnter, isRoot, type ServerUser } from '../../src/local/server-user';
import { setting } from '../support/setting';

const root = path.resolve(__dirname, '../..');
const nobody = { uid: 65_534, gid: 65_534 };

// Some tests start the whole hub twice.
jest.setTimeout(180_000);

/** One `npm start`, with what it printed. */
class Start {
  readonly lines: string[] = [];
  readonly process: LocalProcess;

  constructor(env: Record<string, string>, user?: ServerUser, args: string[] = []) {
    const plan = {
      name: 'npm start',
      command: process.execPath,
      args: [path.join(root, 'scripts', 'run.js'), 'src/start', ...args],
      env: {
        PATH: `${path.dirname(setting('TEMPORAL_CLI'))}:${process.env['PATH']}`,
        HOME: process.env['HOME'],
        ...env,
      },
      user,
      isReadyLine: (line: string) => line.startsWith('Ready after'),
      readyWithin: 60_000,
      stopSignal: 'SIGINT',
      graceMs: 50_000,
      forceSignal: 'SIGKILL',
      ownGroup: true,
    } as const;
    this.process = new LocalProcess(plan, (line) => this.lines.push(line));
  }

  get text(): string {
    return this.lines.join('\n');
  }

  /** Waits until a line says so that was printed or is still to come. */
  async says(what: string | RegExp): Promise<void> {
    while (!this.lines.some((line) => (typeof what === 'string' ? line.includes(what) : what.test(line)))) {
      if (!this.process.isRunning) throw new Error(`npm start ended without saying ${what}:\n${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

describe('npm start', () => {
  let base: string;
  let env: Record<string, string>;
  let starts: Start[] = [];

  beforeAll(async () => {
    base = mkdtempSync(path.join(existsSync('/tmp') ? '/tmp' : tmpdir(), 'npm-start-'));
    chmodSync(base, 0o755);
    env = await freshSettings('data');
  });
  afterEach(async () => {
    await Promise.all(starts.map(({ process }) => process.stop()));
    starts = [];
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  const freshSettings = async (name: string): Promise<Record<string, string>> => ({
    DATA_DIR: path.join(base, name),
    PORT: String(await freePort()),
    PLAYER_PORT: String(await freePort()),
    POSTGRES_PORT: String(await freePort()),
    TEMPORAL_PORT: String(await freePort()),
    TEMPORAL_UI_PORT: String(await freePort()),
  });

  const start = (more: Record<string, string> = {}, user?: ServerUser, args?: string[]): Start => {
    const started = new Start({ ...env, ...more }, user, args);
    starts.push(started);
    return started;
  };

  const up = async (...args: Parameters<typeof start>): Promise<Start> => {
    const started = start(...args);
    await started.process.untilReady();
    return started;
  };

  const isHealthy = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${env['PORT']}/health/ready`)).ok;

  const query = async (sql: string): Promise<unknown[]> => {
    const password = readFileSync(path.join(base, 'data', 'postgres-password'), 'utf8');
    const client = new Client(`postgres://hub:${password}@127.0.0.1:${env['POSTGRES_PORT']}/learning_hub`);
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };

  const pidOf = (name: string): number => {
    const known = JSON.parse(readFileSync(path.join(base, 'data', 'processes.json'), 'utf8')) as Record<
      string,
      { pid: number }
    >;
    return known[name]?.pid ?? 0;
  };

  /** All processes whose command line or environment names the data folder. */
  const ours = (): string[] => {
    const { stdout } = spawnSync('ps', ['axeww', '-o', 'pid=,command='], { encoding: 'utf8', maxBuffer: 1e8 });
    return stdout.split('\n').filter((line) => line.includes(path.join(base, 'data')));
  };

  it('brings everything up on an empty folder, says where it is, and Ctrl-C ends all of that and nothing else', async () => {
    const { process: hub, text } = await up();
    expect(text).toContain('Postgres: creating its folder…');
    for (const row of [
      `API +│ http://127.0.0.1:${env['PORT']} `,
      `Player +│ http://127.0.0.1:${env['PLAYER_PORT']} `,
      `Docs +│ http://127.0.0.1:${env['PORT']}/docs `,
      `Temporal Web UI +│ http://127.0.0.1:${env['TEMPORAL_UI_PORT']} `,
      'Demo key +│ demo / demo-secret ',
      `Data folder +│ ${env['DATA_DIR']} `,
    ]) {
      expect(text).toMatch(new RegExp(row));
    }
    expect(await isHealthy()).toBe(true);
    expect((await fetch(`http://127.0.0.1:${env['TEMPORAL_UI_PORT']}/`)).status).toBe(200);
    expect(ours().length).toBeGreaterThan(4);
    await query("create table kept as select 'from the first start' as text");

    hub.signal('SIGINT');
    expect(await hub.ended).toEqual({ code: 0, signal: null });
    expect(ours()).toEqual([]);
    // Another Postgres, that of these tests, was nobody's to stop.
    const other = new Client(setting('TEST_DATABASE_URL'));
    await other.connect();
    await other.end();
  });

  it('finds all data the next time, and refuses a second start on them meanwhile', async () => {
    await up();
    expect(await query('select text from kept')).toEqual([{ text: 'from the first start' }]);
    const second = start(await freshSettings('data'));
    expect(await second.process.ended).toEqual({ code: 1, signal: null });
    expect(second.text).toMatch(/is running on .*data already \(process \d+\)/);
    expect(await isHealthy()).toBe(true);
  });

  it('names a busy port and the variable that changes it, before anything is started', async () => {
    const busy = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => busy.listen(port, '127.0.0.1', resolve));
    const refused = start({ TEMPORAL_UI_PORT: String(port) });
    expect(await refused.process.ended).toEqual({ code: 1, signal: null });
    busy.close();
    expect(refused.text).toMatch(new RegExp(`Port ${port}, wanted for .*set TEMPORAL_UI_PORT to another port`));
    expect(refused.text).not.toContain('starting');
    expect(ours()).toEqual([]);
  });

  it('brings each of its processes back when it is killed', async () => {
    const hub = await up();
    for (const name of ['Postgres', 'Temporal', 'worker', 'api']) {
      process.kill(pidOf(name), 'SIGKILL');
      await hub.says(`${name} is back.`);
      expect(hub.text).toContain(`${name} ended (signal SIGKILL)`);
    }
    expect(await isHealthy()).toBe(true);
  });

  it('starts again on what a killed start left behind, and leaves nothing of that running', async () => {
    const killed = await up();
    const before = ours().map((line) => Number.parseInt(line, 10));
    killed.process.signal('SIGKILL');
    await killed.process.ended;
    // The hub's own processes end by themselves.
    while (ours().some((line) => /src\/(api|worker)\.js/.test(line)))
      await new Promise((resolve) => setTimeout(resolve, 100));
    const { text } = await up();
    expect(text).toContain('Postgres: the one that an earlier start left behind was stopped.');
    const now = ours().map((line) => Number.parseInt(line, 10));
    expect(now.filter((pid) => before.includes(pid))).toEqual([]);
    expect(await query('select text from kept')).toEqual([{ text: 'from the first start' }]);
  });

  it('stops while it is still starting', async () => {
    const hub = start();
    await hub.says('Temporal: starting');
    hub.process.signal('SIGTERM');
    expect(await hub.process.ended).toEqual({ code: 0, signal: null });
    expect(ours()).toEqual([]);
  });

  it('uses the Postgres and the Temporal that it is given, and starts none', async () => {
    const first = await up();
    const password = readFileSync(path.join(base, 'data', 'postgres-password'), 'utf8');
    const own = await freshSettings('other');
    const second = start({
      ...own,
      DATABASE_URL: `postgres://hub:${password}@127.0.0.1:${env['POSTGRES_PORT']}/learning_hub`,
      TEMPORAL_ADDRESS: `127.0.0.1:${env['TEMPORAL_PORT']}`,
      HUB_SECRET: readFileSync(path.join(base, 'data', 'secret'), 'utf8'),
    });
    await second.process.untilReady();
    expect(second.text).not.toMatch(/(Postgres|Temporal): starting/);
    expect(existsSync(path.join(base, 'other', 'postgres'))).toBe(false);
    expect((await fetch(`http://127.0.0.1:${own['PORT']}/health/ready`)).ok).toBe(true);
    await second.process.stop();
    expect(await isHealthy()).toBe(true);
    expect(first.process.isRunning).toBe(true);
  });

  it('has no demo key with NODE_ENV=production', async () => {
    const { text } = await up({ NODE_ENV: 'production' });
    expect(text).toContain('none: NODE_ENV=production');
    expect(text).not.toContain('demo-secret');
  });

  it('says which arguments it does not know', async () => {
    const hub = start({}, undefined, ['--what']);
    expect(await hub.process.ended).toEqual({ code: 1, signal: null });
    expect(hub.text).toContain('does not know --what');
  });

  const canBecomeNobody = isRoot() && canEnter(root, nobody) && canEnter(path.dirname(process.execPath), nobody);
  const whenPossible = canBecomeNobody ? describe : describe.skip;
  whenPossible('of a plain user (skipped unless root runs the tests, in a checkout that others can enter)', () => {
    it('brings everything up too, with Postgres under that user', async () => {
      const home = path.join(base, 'nobody');
      mkdirSync(path.join(home, 'bin'), { recursive: true });
      copyFileSync(setting('TEMPORAL_CLI'), path.join(home, 'bin', 'temporal'));
      chownSync(home, nobody.uid, nobody.gid);
      const settings = await freshSettings('nobody/data');
      const hub = await up({ ...settings, PATH: `${home}/bin:/usr/bin:/bin`, HOME: home }, nobody);
      expect((await fetch(`http://127.0.0.1:${settings['PORT']}/health/ready`)).ok).toBe(true);
      expect(statSync(path.join(home, 'data', 'postgres')).uid).toBe(nobody.uid);
      hub.process.signal('SIGINT');
      expect(await hub.process.ended).toEqual({ code: 0, signal: null });
    });
  });
});
