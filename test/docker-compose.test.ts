import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { searchAttributes } from '../src/temporal/search-attributes';
import { scormCourse, zipOf } from './support/course-packages';
import { createDatabase, type TestDatabase } from './support/database';
import { freePort, startProcess, type TestProcess } from './support/processes';
import { devServer } from './support/temporal';

const file = path.resolve(__dirname, '../docker-compose.yml');

interface Service {
  command?: string[];
  environment?: Record<string, string>;
}
const { services } = parse(readFileSync(file, 'utf8'), { merge: true }) as { services: Record<string, Service> };

const isInstalled = spawnSync('docker-compose', ['--version']).status === 0;
const test = isInstalled ? it : it.skip;

describe('docker-compose.yml', () => {
  test(`is well formed${isInstalled ? '' : ' (skipped: docker-compose is not installed)'}`, () => {
    const check = (env: NodeJS.ProcessEnv) =>
      spawnSync('docker-compose', ['-f', file, 'config'], { env, encoding: 'utf8' });
    const { PATH } = process.env;
    expect(check({ PATH, HUB_SECRET: 'x' }).status).toBe(0);
    // Without a secret it says what to set.
    expect(check({ PATH }).stderr).toContain('openssl rand');
  });

  it('creates every search attribute of the hub', () => {
    const { command = [] } = services['temporal-search-attributes']!;
    for (const { name, type } of searchAttributes) {
      const at = command.indexOf(`--name=${name}`);
      expect(command[at + 1]).toBe(`--type=${type}`);
    }
  });
});

describe('the processes of docker-compose.yml, started by hand with its environment', () => {
  let database: TestDatabase;
  let folder: string;
  let port: number;
  let playerPort: number;
  const processes: TestProcess[] = [];

  /** The service's environment, with what a container would reach by name at its place here. */
  const environmentOf = async (service: string): Promise<Record<string, string>> => {
    const { address } = await devServer();
    const given = Object.fromEntries(
      Object.entries(services[service]!.environment ?? {}).map(([name, value]) => [
        name,
        value.replace(/\$\{\w+:-([^}]*)\}/g, '$1'),
      ]),
    );
    return {
      ...given,
      DATABASE_URL: database.url,
      HUB_SECRET: Buffer.alloc(32, 3).toString('base64'),
      TEMPORAL_ADDRESS: address,
      CONTENT_STORE: folder,
      // Several test files may run at once, so not the container's own port.
      ...(service === 'api' ? { HOST: '127.0.0.1', PORT: String(port), PLAYER_PORT: String(playerPort) } : {}),
      WORKER_GRACE_SECONDS: '1',
    };
  };
  const entryOf = (service: string): string => services[service]!.command!.at(-1)!.replace(/^dist\/|\.js$/g, '');

  beforeAll(async () => {
    database = await createDatabase();
    folder = mkdtempSync(path.join(tmpdir(), 'learning-hub-compose-'));
    port = await freePort();
    playerPort = await freePort();
  });
  afterAll(async () => {
    for (const process of processes) await process.kill('SIGKILL');
    await (await devServer()).remove();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('migrate, serve and import a course', async () => {
    const migration = await startProcess({ entry: entryOf('migrate'), env: await environmentOf('migrate') });
    expect(await migration.ended).toMatchObject({ code: 0 });
    const url = `http://127.0.0.1:${port}`;
    const [api, worker] = await Promise.all([
      startProcess({ entry: entryOf('api'), env: await environmentOf('api'), readyUrl: `${url}/health/ready` }),
      startProcess({ entry: entryOf('worker'), env: await environmentOf('worker'), readyEvent: 'worker.ready' }),
    ]);
    processes.push(api, worker);
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({
      status: 'ready',
      parts: { database: 'ok', migrations: 'ok', content: 'ok', temporal: 'ok' },
    });

    const hub = async (args: string[], env: Record<string, string>) => {
      const command = await startProcess({ entry: 'src/hub', args, env });
      expect(await command.ended).toMatchObject({ code: 0 });
      return JSON.parse(command.lines.join('')) as Record<string, string>[];
    };
    const [admin] = await hub(['bootstrap', '--json'], await environmentOf('api'));
    const client = { HUB_URL: url, HUB_KEY: admin!['HUB_KEY']! };
    await hub(['app', 'create', 'acme', '--json'], client);
    const [key] = await hub(['key', 'create', 'acme', '--json'], client);

    const authorization = `Basic ${btoa(`${key!['id']}:${key!['secret']}`)}`;
    const form = new FormData();
    form.append('file', new Blob([await zipOf(scormCourse())]), 'course.zip');
    const upload = await fetch(`${url}/api/v2/courses/importJobs/upload?courseId=compose`, {
      method: 'POST',
      headers: { authorization },
      body: form,
    });
    const { result } = (await upload.json()) as { result: string };
    let job: { status: string };
    do {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const answer = await fetch(`${url}/api/v2/courses/importJobs/${result}`, { headers: { authorization } });
      job = (await answer.json()) as { status: string };
    } while (job.status === 'RUNNING');
    expect(job.status).toBe('COMPLETE');

    // In production there is no demo key, and the processes end well when they are told to.
    const demo = await fetch(`${url}/api/v2/courses`, {
      headers: { authorization: `Basic ${btoa('demo:demo-secret')}` },
    });
    expect(demo.status).toBe(401);
    expect(await api.kill('SIGTERM')).toMatchObject({ code: 0 });
    expect(await worker.kill('SIGTERM')).toMatchObject({ code: 0 });
  });
});
