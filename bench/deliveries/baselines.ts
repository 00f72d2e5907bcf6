import { Client as PostgresClient } from 'pg';
import { Client as HttpClient } from 'undici';
import { v7 as uuid } from 'uuid';
import type { Receiver } from './receiver';

const body = JSON.stringify({ text: 'x'.repeat(1024 - '{"text":""}'.length) });
const sessions = 8;

export interface Baseline {
  perSecond: number;
  /** Of this process, in ms each. */
  cpu: number;
}

/** Runs as many loops for some seconds; each step is one message. */
async function count(loops: readonly (() => Promise<unknown>)[], seconds: number): Promise<Baseline> {
  let messages = 0;
  const started = performance.now();
  const cpuBefore = process.cpuUsage();
  const end = started + seconds * 1000;
  await Promise.all(
    loops.map(async (step) => {
      while (performance.now() < end) {
        await step();
        messages += 1;
      }
    }),
  );
  const { user, system } = process.cpuUsage(cpuBefore);
  return { perSecond: (messages / (performance.now() - started)) * 1000, cpu: (user + system) / 1000 / messages };
}

/** The same messages by a bare HTTP client: connections that are kept alive, one request at a time on each. */
export async function bareRequests(receiver: Receiver, connections: number, seconds: number): Promise<Baseline> {
  const headers = { 'content-type': 'application/json' };
  const { origins } = receiver;
  const clients = Array.from(
    { length: connections },
    (_, index) => new HttpClient(new URL(receiver.urlOf(index % origins.length, 0)).origin),
  );
  const loops = clients.map((client) => async () => {
    const answer = await client.request({ method: 'POST', path: '/', headers, body });
    await answer.body.dump();
  });
  const baseline = await count(loops, seconds);
  await Promise.all(clients.map((client) => client.close()));
  return baseline;
}

/** Rows of the same size into a table with a primary key, each in a commit of its own. */
export async function bareCommits(databaseUrl: string, seconds: number): Promise<Baseline> {
  const clients = Array.from({ length: sessions }, () => new PostgresClient({ connectionString: databaseUrl }));
  await Promise.all(clients.map((client) => client.connect()));
  const [first] = clients;
  await first?.query('create table bench_messages (id uuid primary key, payload text not null)');
  const insert = { name: 'insert', text: 'insert into bench_messages (id, payload) values ($1, $2)' };
  const baseline = await count(
    clients.map((client) => () => client.query({ ...insert, values: [uuid(), body] })),
    seconds,
  );
  await first?.query('drop table bench_messages');
  await Promise.all(clients.map((client) => client.end()));
  return baseline;
}
