import { Client as PostgresClient } from 'pg';
import { Client as HttpClient } from 'undici';
import { listKey } from '../src/caliper/list-key.rules';
import { connectDatabase } from '../src/database/connection';
import { eventsPerEnvelope, nextEnvelope, oneEvent } from './caliper/envelopes';
import { addManyEvents } from './caliper/many-events';
import { cpuOf, cpuOfFamily } from './process-times';
import { machine, median, quantile, table } from './report';
import { type Stack, startStack } from './stack';

const clients = 64;
const seconds = 6;
const rounds = 3;
const usuallyStored = 1_000_000;

interface Rate {
  /** Rows a second. */
  rows: number;
  /** Of each request, in ms. */
  latencies: number[];
  /** Of each row, in µs of CPU time. */
  cpu: Cpu;
}

interface Cpu {
  clients: number;
  api: number;
  postgres: number;
}

function cpuNow(stack: Stack): Cpu {
  const { user, system } = process.cpuUsage();
  return {
    clients: user + system,
    api: cpuOf(stack.pidOf('api')) * 1000,
    postgres: cpuOfFamily(stack.pidOf('Postgres')) * 1000,
  };
}

/** Runs as many loops for some seconds; each step stores as many rows. */
async function run(stack: Stack, steps: readonly (() => Promise<unknown>)[], rowsPerStep: number): Promise<Rate> {
  const before = cpuNow(stack);
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  await Promise.all(
    steps.map(async (step) => {
      while (performance.now() < end) {
        const begun = performance.now();
        await step();
        latencies.push(performance.now() - begun);
      }
    }),
  );
  const rows = latencies.length * rowsPerStep;
  const perSecond = (rows * 1000) / (performance.now() - started);
  const now = cpuNow(stack);
  const share = (of: keyof Cpu): number => (now[of] - before[of]) / rows;
  return {
    rows: perSecond,
    latencies,
    cpu: { clients: share('clients'), api: share('api'), postgres: share('postgres') },
  };
}

async function overHttp(stack: Stack, connections: number): Promise<Rate> {
  const { url, authorization } = stack;
  const http = Array.from({ length: connections }, () => new HttpClient(url));
  const headers = { authorization, 'content-type': 'application/json' };
  const steps = http.map((client) => async () => {
    const answer = await client.request({ method: 'POST', path: '/caliper/event', headers, body: nextEnvelope() });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(text);
  });
  const rate = await run(stack, steps, eventsPerEnvelope);
  await Promise.all(http.map((client) => client.close()));
  return rate;
}

/** Events into a table with the same columns and indexes, but each with its JSON: one prepared insert and commit each. */
async function bareCommits(stack: Stack): Promise<Rate> {
  const { databaseUrl } = stack;
  const sessions = Array.from({ length: clients }, () => new PostgresClient({ connectionString: databaseUrl }));
  await Promise.all(sessions.map((session) => session.connect()));
  const [first] = sessions;
  await first?.query(
    `create table if not exists bench_events (like caliper_events including all, primary key (application_id, event_id));
     alter table bench_events drop envelope_id, drop start, drop length, add sensor text not null,
       add send_time timestamptz not null, add data json not null`,
  );
  const insert = {
    name: 'insert',
    text: `insert into bench_events (application_id, event_id, event_time, received_at, send_time, sensor, sensor_key,
      actor_key, email_key, data) values ($1, $2, $3, now(), $3, $4, $5, $6, $7, $8)`,
  };
  const application = '019ab000-0000-7000-8000-000000000000';
  const steps = sessions.map((session, number) => () => {
    const { id, data } = oneEvent();
    const learner = number % 1000;
    const values = [
      application,
      id,
      new Date(),
      'https://school.example/sensors/1',
      String(listKey(application, 'https://school.example/sensors/1')),
      String(listKey(application, `https://school.example/users/${learner}`)),
      String(listKey(application, `learner-${learner}@school.example`)),
      data,
    ];
    return session.query({ ...insert, values });
  });
  const rate = await run(stack, steps, 1);
  await first?.query('drop table bench_events');
  await Promise.all(sessions.map((session) => session.end()));
  return rate;
}

interface Measured {
  held: string;
  baselines: Rate[];
  envelopes: Rate[];
}

async function measure(stack: Stack, held: string): Promise<Measured> {
  const measured: Measured = { held, baselines: [], envelopes: [] };
  for (let round = 0; round < rounds; round += 1) {
    measured.baselines.push(await bareCommits(stack));
    measured.envelopes.push(await overHttp(stack, clients));
  }
  return measured;
}

const rounded = (value: number): string => (Math.round(value / 10) * 10).toLocaleString('en');

export async function benchCaliper(flags: readonly string[]): Promise<string> {
  const stack = await startStack();
  const db = connectDatabase(stack.databaseUrl, 2);
  try {
    await overHttp(stack, clients); // The code is warm, and the partitions are there.
    const results = [await measure(stack, 'few')];
    if (!flags.includes('--short')) {
      const stored = flags.includes('--stored') ? Number(flags[flags.indexOf('--stored') + 1]) : usuallyStored;
      await addManyEvents(db, stored);
      results.push(await measure(stack, `${stored.toLocaleString('en')} more`));
    }
    const rows = results.map(({ held, baselines, envelopes }) => {
      const [baseline, rate] = [baselines, envelopes].map((rates) => median(rates.map((one) => one.rows))) as [
        number,
        number,
      ];
      const latencies = envelopes.flatMap((one) => one.latencies);
      return [
        held,
        rounded(baseline),
        `**${rounded(rate)}**`,
        `**${(rate / baseline).toFixed(1)}**`,
        `${quantile(latencies, 0.5).toFixed(0)} ms`,
        `${quantile(latencies, 0.99).toFixed(0)} ms`,
      ];
    });
    const cpu = results.flatMap(({ held, baselines, envelopes }) =>
      [
        { of: 'a bare insert', rates: baselines },
        { of: 'an event', rates: envelopes },
      ].map(({ of, rates }) => [
        held,
        of,
        ...(['clients', 'api', 'postgres'] as const).map((who) => Math.round(median(rates.map((one) => one.cpu[who])))),
      ]),
    );
    return `## Caliper envelopes

${machine()}

${clients} clients, each with one connection, post envelopes of ${eventsPerEnvelope} activities of the TimebackProfile (1,000 learners in
20 courses), checked, stored once by their id and summed up into totals. Beside it, in turn and in the same run, ${clients} bare
\`pg\` connections: one prepared single-row insert and commit each, into a table with the same columns and indexes and the event's
JSON, and nothing else.
Median of ${rounds} rounds of ${seconds} s; clients, api and Postgres share the cores.

${table(['events held', 'bare inserts a second', 'events a second', 'ratio', 'p50 of an envelope', 'p99'], rows)}

CPU time of one row in µs:

${table(['events held', 'of', 'client', 'api', 'Postgres'], cpu)}
`;
  } finally {
    await db.destroy();
    await stack.stop();
  }
}
