import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { insertApplication } from '../../src/applications/applications.store';
import { createKey } from '../../src/applications/create-key';
import { connectDatabase } from '../../src/database/connection';
import { migrate } from '../../src/database/migrations';
import { ensureDatabase } from '../../src/local/postgres';
import { createSecrets } from '../../src/secrets';
import { type Entry, eventOf, type Page } from '../support/events';
import { freePort, startProcess, type TestProcess } from '../support/processes';
import { startTestPostgres, type TestPostgres } from '../support/test-postgres';

/** Seconds that writers write at the least; what was acknowledged is read to the end afterwards. */
const seconds = Number(process.env['FEED_KILLS_SECONDS'] ?? 60);
const writers = 32;
const masterKey = Buffer.alloc(32, 7);

jest.setTimeout((seconds + 120) * 1000);

let postgres: TestPostgres;
let env: Record<string, string>;
let authorization: string;
let apis: Api[];

beforeAll(async () => {
  postgres = await startTestPostgres({ durable: true });
  await ensureDatabase(postgres.cluster, 'hub');
  const url = postgres.url('hub');
  env = {
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    DATABASE_URL: url,
    HUB_SECRET: masterKey.toString('base64'),
    CONTENT_STORE: '/tmp',
  };
  const db = connectDatabase(url, 2);
  await migrate(db);
  const { id: applicationId } = await insertApplication(db, uuid(), 'kills');
  const needs = { db, secrets: createSecrets(masterKey) };
  const { key, secret } = await createKey({ applicationId, programs: ['FOO', 'BAR'] }, needs);
  authorization = `Basic ${btoa(`${key.id}:${secret}`)}`;
  await db.destroy();
  apis = [new Api(await freePort()), new Api(await freePort())];
  await Promise.all(apis.map((api) => api.start()));
});
afterAll(async () => {
  await Promise.all(apis.map((api) => api.kill()));
  await postgres.stop();
});

class Api {
  private process: TestProcess | undefined;

  constructor(private readonly port: number) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const own = { ...env, PORT: String(this.port), PUBLIC_URL: this.url };
    this.process = await startProcess({ entry: 'src/api', env: own, readyUrl: `${this.url}/health/live` });
  }

  async kill(): Promise<void> {
    await this.process?.kill('SIGKILL');
  }
}

/** A request to any api, again until one answers; a 4xx is a fault of the test. */
async function call(path: string, init: RequestInit = {}): Promise<Response> {
  for (let n = Math.floor(Math.random() * 2); ; n += 1) {
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(`${apis[n % 2]!.url}${path}`, { ...init, headers }).catch(() => undefined);
    if (answer?.ok) return answer;
    if (answer && answer.status < 500) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    await answer?.body?.cancel();
    await delay(20);
  }
}

type Change = `${string}#${number}`;
const changeOf = ({ EventId, Revision }: Entry): Change => `${EventId}#${Revision}`;

class Reader {
  readonly seen: Change[] = [];
  readonly entries: Entry[] = [];

  constructor(
    readonly name: string,
    private readonly query: string,
    readonly fits: (entry: Entry) => boolean,
  ) {}

  /** Until `isOver`, and then as far as there is anything. A page whose answer was lost is asked for again. */
  async follow(isOver: () => boolean): Promise<void> {
    let after = '';
    for (;;) {
      const last = isOver();
      const answer = await call(`/events?limit=200&wait=${last ? 0 : 1}${this.query}${after}`);
      // A kill may cut the answer off.
      const page = (await answer.json().catch(() => undefined)) as Page | undefined;
      if (!page) continue;
      after = `&after=${page.next}`;
      this.entries.push(...page.events);
      this.seen.push(...page.events.map(changeOf));
      if (last && page.events.length === 0) return;
    }
  }
}

it(`32 writers and 4 readers for ${seconds} s of kills: every acknowledged event is read once by each, in one order`, async () => {
  const end = performance.now() + seconds * 1000;
  const enough = new AbortController();
  const acknowledged = new Map<string, number>();

  async function write(writer: number): Promise<void> {
    const program = writer % 2 ? 'FOO' : 'BAR';
    for (let n = 0; !enough.signal.aborted; n += 1) {
      // Every tenth is an update of the one before.
      const id = `${program}-${writer}-${n % 10 === 9 ? n - 1 : n}`;
      const members = { EventType: n % 3 ? 'COMMON' : 'RARE', EventData: { n }, ProgramMemberId: `member-${writer}` };
      await call(`/events/${id}`, { method: 'PUT', body: JSON.stringify(eventOf(program, members)) });
      acknowledged.set(id, n);
    }
  }

  const readers = [
    new Reader('all', '', () => true),
    new Reader('all again', '', () => true),
    new Reader('FOO', '&ProgramId=FOO', ({ ProgramId }) => ProgramId === 'FOO'),
    new Reader('rare', '&EventType=RARE', ({ EventType }) => EventType === 'RARE'),
  ];
  const writing = Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  let isOver = false;
  const reading = Promise.all(readers.map((reader) => reader.follow(() => isOver)));

  let kills = 0;
  // A slow machine gets its three kills too: each api, and Postgres.
  while (performance.now() < end - 3000 || kills < 3) {
    await delay(2500);
    const turn = kills % 3;
    if (turn === 2) await postgres.kill();
    else await apis[turn]!.kill();
    await delay(300);
    if (turn === 2) await postgres.restart();
    else await apis[turn]!.start();
    kills += 1;
  }
  await delay(2000);
  enough.abort();
  await writing;
  isOver = true;
  await reading;

  const [all] = readers as [Reader];
  expect(acknowledged.size).toBeGreaterThan(500);
  for (const reader of readers) {
    expect({ reader: reader.name, twice: reader.seen.length - new Set(reader.seen).size }).toEqual({
      reader: reader.name,
      twice: 0,
    });
    expect(reader.seen).toEqual(all.entries.filter(reader.fits).map(changeOf));
  }
  const newest = new Map(all.entries.map(({ EventId, EventData }) => [EventId, EventData!['n']]));
  const missing = [...acknowledged].filter(([id, n]) => newest.get(id) !== n);
  expect(missing).toEqual([]);
});
