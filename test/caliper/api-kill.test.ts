import { caliperApi, type CaliperApi, newActivity } from '../support/caliper-api';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { freePort, startProcess, type TestProcess } from '../support/processes';

jest.setTimeout(120_000);

const senders = 16;
const eventsPerEnvelope = 10;
const lives = 3;
const lifeMs = 1500;

let hub: TestHub;
let key: TestKey;
let url: string;

beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
  url = `http://127.0.0.1:${await freePort()}`;
});
afterAll(() => hub.close());

const startApi = (): Promise<TestProcess> =>
  startProcess({
    entry: 'src/api',
    env: { ...hub.env, NODE_ENV: 'production', PORT: new URL(url).port, PUBLIC_URL: url },
    readyUrl: `${url}/health/ready`,
  });

describe('an api that is killed with SIGKILL while envelopes stream in', () => {
  it('has lost none that it acknowledged, and stored none twice that was sent again', async () => {
    const api: CaliperApi = caliperApi({ fetch: (path, init = {}) => fetch(url + path, withKey(init)) }, key);
    const over = new AbortController();
    const acknowledged: string[] = [];
    let sentAgain = 0;
    const sender = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const events = Array.from({ length: eventsPerEnvelope }, () => newActivity());
        // Sent until it is answered, as a sensor does that does not know what became of it.
        while (!(await isTaken(api, events))) {
          sentAgain += 1;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        acknowledged.push(...events.map(({ id }) => String(id)));
      }
    };
    let process = await startApi();
    const sending = Array.from({ length: senders }, sender);
    for (let life = 0; life < lives; life += 1) {
      await new Promise((resolve) => setTimeout(resolve, lifeMs));
      await process.kill('SIGKILL');
      process = await startApi();
    }
    over.abort();
    await Promise.all(sending);
    await process.kill('SIGTERM');

    const rows: { event_id: string }[] = await hub.resources.db('caliper_events').select('event_id');
    const stored = rows.map(({ event_id }) => `urn:uuid:${event_id}`);
    expect(sentAgain).toBeGreaterThan(0);
    expect(acknowledged.length).toBeGreaterThan(senders * eventsPerEnvelope);
    expect(new Set(stored).size).toBe(stored.length);
    expect(new Set(stored)).toEqual(new Set(acknowledged));
    const [totals] = (await caliperApi(hub, key).totals({ group_by: 'course' })).totals;
    expect(totals?.xp).toBe(acknowledged.length * 100);
  });
});

async function isTaken(api: CaliperApi, events: readonly object[]): Promise<boolean> {
  const answer = await api.events(...events).catch(() => undefined);
  if (answer === undefined) return false;
  expect(answer).toMatchObject({ status: 200 });
  return true;
}

function withKey(init: RequestInit): RequestInit {
  const headers = new Headers(init.headers);
  headers.set('authorization', key.basic);
  return { ...init, headers };
}
