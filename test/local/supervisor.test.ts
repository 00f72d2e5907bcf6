import type { ProcessPlan } from '../../src/local/local-process';
import { isRunning, type KnownProcess } from '../../src/local/process-identity';
import { Supervisor } from '../../src/local/supervisor';

const plan = (name: string, script: string, rest: Partial<ProcessPlan> = {}): ProcessPlan => ({
  name,
  command: process.execPath,
  args: ['-e', script],
  env: {},
  isReadyLine: (line) => line === 'ready',
  readyWithin: 20_000,
  stopSignal: 'SIGTERM',
  graceMs: 20_000,
  forceSignal: 'SIGKILL',
  ownGroup: true,
  ...rest,
});

const serves = 'console.log("ready"); setInterval(() => {}, 1000);';
const endsLate = `process.on("SIGTERM", () => setTimeout(() => { console.log("done"); process.exit(0); }, 200)); ${serves}`;
const ignores = `process.on("SIGTERM", () => console.log("ignored")); ${serves}`;

describe('the processes of npm start', () => {
  let said: string[];
  let running: Record<string, KnownProcess>;
  let supervisor: Supervisor;
  let hear: (line: string) => void;

  beforeEach(() => {
    said = [];
    running = {};
    hear = () => undefined;
    const note = (line: string): void => {
      said.push(line);
      hear(line);
    };
    supervisor = new Supervisor({
      say: note,
      line: (name, line) => note(`${name}: ${line}`),
      running: (processes) => {
        running = processes;
      },
    });
  });
  afterEach(() => supervisor.stop());

  const heard = (wanted: string): Promise<void> =>
    new Promise((resolve) => {
      hear = (line) => {
        if (line === wanted) resolve();
      };
    });

  const pidOf = (name: string): number => running[name]?.pid ?? 0;

  it('stop in the reverse order of their start, each after the last has ended', async () => {
    await supervisor.start(plan('Postgres', endsLate), 0);
    await supervisor.start(plan('api', endsLate), 1);
    said = [];
    await supervisor.stop();
    expect(said).toEqual(['Stopping api…', 'api: done', 'Stopping Postgres…', 'Postgres: done']);
    expect(running).toEqual({});
  });

  it('are started again when they are killed, and it is said', async () => {
    await supervisor.start(plan('worker', serves), 0);
    const first = pidOf('worker');
    const back = heard('worker is back.');
    process.kill(first, 'SIGKILL');
    await back;
    expect(said).toContain('worker ended (signal SIGKILL). Starting it again in 0.5 s.');
    expect(pidOf('worker')).not.toBe(first);
  });

  it('wait longer each time before they are started again', async () => {
    const diesTwice = plan('worker', serves);
    await supervisor.start(diesTwice, 0);
    for (const wait of ['0.5', '1']) {
      const back = heard('worker is back.');
      process.kill(pidOf('worker'), 'SIGKILL');
      await back;
      expect(said).toContain(`worker ended (signal SIGKILL). Starting it again in ${wait} s.`);
    }
  });

  it('fail the start with their last words when they end before they are ready', async () => {
    const broken = plan('api', 'console.error("no database"); process.exit(3)');
    await expect(supervisor.start(broken, 0)).rejects.toThrow(/api ended \(exit code 3\).*\n.*no database/);
  });

  it('fail the start when their program does not exist', async () => {
    const missing = plan('Temporal', '', { command: '/nowhere/temporal' });
    await expect(supervisor.start(missing, 0)).rejects.toThrow(/nowhere\/temporal could not be started/);
  });

  it('are killed when somebody does not want to wait for their end', async () => {
    await supervisor.start(plan('worker', ignores), 0);
    const known = running['worker'];
    const ignored = heard('worker: ignored');
    const stopped = supervisor.stop();
    await ignored;
    supervisor.force();
    await stopped;
    expect(known && isRunning(known)).toBe(false);
  });

  it('are killed when they take longer than their grace', async () => {
    await supervisor.start(plan('worker', ignores, { graceMs: 100 }), 0);
    await supervisor.stop();
    expect(said).toContain('worker: ignored');
    expect(running).toEqual({});
  });

  it('do not start while the others are being stopped', async () => {
    await supervisor.stop();
    await expect(supervisor.start(plan('api', serves), 0)).rejects.toThrow('Stopped before it was up');
  });

  it('that are to end by themselves fail with their words when they end badly', async () => {
    await supervisor.run(plan('Migration', 'process.exit(0)'));
    await expect(supervisor.run(plan('Migration', 'console.error("locked"); process.exit(1)'))).rejects.toThrow(
      /Migration failed \(exit code 1\):\nlocked/,
    );
  });
});
