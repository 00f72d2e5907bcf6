import { Client as PostgresClient } from 'pg';
import { Client as HttpClient } from 'undici';
import { connectDatabase } from '../src/database/connection';
import { cpuOf, cpuOfFamily } from './process-times';
import { machine, median, quantile, table } from './report';
import { type Stack, startStack } from './stack';
import { fillStatements } from './statements/fill';
import { activityCount, nextStatement } from './statements/statements';

const clients = 64;
const seconds = 6;
const rounds = 3;
const batches = [1, 50];
const questions = 1000;

interface Rate {
  /** Statements, or rows, a second. */
  perSecond: number;
  /** Of each request, in ms. */
  latencies: number[];
  /** µs of CPU time for each: of clients, api and Postgres. */
  cpu: number[];
}

const cpuNow = ({ pidOf }: Stack): number[] => {
  const { user, system } = process.cpuUsage();
  return [user + system, cpuOf(pidOf('api')) * 1000, cpuOfFamily(pidOf('Postgres')) * 1000];
};

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
  return {
    perSecond: (rows * 1000) / (performance.now() - started),
    latencies,
    cpu: cpuNow(stack).map((now, index) => (now - before[index]!) / rows),
  };
}

const statementsOf = (count: number): object[] => Array.from({ length: count }, nextStatement);

async function overHttp(stack: Stack, count: number): Promise<Rate> {
  const { url, authorization } = stack;
  const connections = Array.from({ length: clients }, () => new HttpClient(url));
  const headers = { authorization, 'content-type': 'application/json', 'x-experience-api-version': '1.0.3' };
  const steps = connections.map((client) => async () => {
    const body = JSON.stringify(count === 1 ? nextStatement() : statementsOf(count));
    const answer = await client.request({ method: 'POST', path: '/xapi/statements', headers, body });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(text);
  });
  const rate = await run(stack, steps, count);
  await Promise.all(connections.map((client) => client.close()));
  return rate;
}

/** Rows of the same columns into a table with the same indexes, as many in one prepared insert and commit. */
async function bareInserts(stack: Stack, count: number): Promise<Rate> {
  const { databaseUrl } = stack;
  const sessions = Array.from({ length: clients }, () => new PostgresClient({ connectionString: databaseUrl }));
  await Promise.all(sessions.map((session) => session.connect()));
  const [first] = sessions;
  await first?.query('create table if not exists bench_statements (like statements including all)');
  const insert = {
    name: `insert-${count}`,
    text: `insert into bench_statements (application_id, position, match, agent, verb, activity, registration, data)
      select $1, p, p, md5('a' || p % 10000)::uuid, md5('v')::uuid, md5('o' || p % 1000)::uuid, gen_random_uuid(), d::json
      from unnest($2::bigint[], $3::text[]) as u (p, d)`,
  };
  const application = '019ab000-0000-7000-8000-000000000000';
  let position = Date.now() * 1000;
  const steps = sessions.map((session) => () => {
    const data = statementsOf(count).map((one) => JSON.stringify(one));
    const positions = data.map(() => (position += 1));
    return session.query({ ...insert, values: [application, positions, data] });
  });
  const rate = await run(stack, steps, count);
  await first?.query('drop table bench_statements');
  await Promise.all(sessions.map((session) => session.end()));
  return rate;
}

/** One question after the other; the time of each in ms. */
async function ask(stack: Stack, queryOf: (index: number) => Record<string, string>): Promise<number[]> {
  const client = new HttpClient(stack.url);
  const headers = { authorization: stack.authorization, 'x-experience-api-version': '1.0.3' };
  const times: number[] = [];
  for (let index = 0; index < questions; index += 1) {
    const begun = performance.now();
    const search = new URLSearchParams(queryOf(index)).toString();
    const answer = await client.request({ method: 'GET', path: `/xapi/statements?${search}`, headers });
    const text = await answer.body.text();
    if (answer.statusCode !== 200 || !text.includes('"id"')) throw new Error(text.slice(0, 500));
    times.push(performance.now() - begun);
  }
  await client.close();
  return times;
}

const activityOf = (index: number): string => `https://school.example/activities/${(index * 7) % activityCount}`;
const agentOf = (index: number): string =>
  JSON.stringify({ mbox: `mailto:learner-${(index * 7) % 10_000}@school.example` });
const verb = 'http://adlnet.gov/expapi/verbs/completed';

const asked: [string, (index: number) => Record<string, string>][] = [
  ['activity', (index) => ({ activity: activityOf(index), limit: '25' })],
  ['activity, a hundred', (index) => ({ activity: activityOf(index), limit: '100' })],
  ['activity and verb', (index) => ({ activity: activityOf(index), verb, limit: '25' })],
  ['activity and agent', (index) => ({ activity: activityOf(index), agent: agentOf(index), limit: '25' })],
  [
    'a course, with related activities',
    (index) => ({ activity: `https://school.example/courses/${index % 20}`, related_activities: 'true', limit: '25' }),
  ],
  ['agent', (index) => ({ agent: agentOf(index), limit: '25' })],
  ['nothing', () => ({ limit: '25' })],
];

const rounded = (value: number): string => (Math.round(value / 10) * 10).toLocaleString('en');

/** `--stored N`: how many statements lie there when they are asked for; a million unless told. */
export async function benchStatements(flags: readonly string[]): Promise<string> {
  const index = flags.indexOf('--stored');
  const stored = index < 0 ? 1_000_000 : Number(flags[index + 1]);
  const stack = await startStack();
  const db = connectDatabase(stack.databaseUrl, 2);
  try {
    await overHttp(stack, 1); // The code is warm, and the partitions are there.
    const rows: string[][] = [];
    const cpu: (string | number)[][] = [];
    for (const count of batches) {
      const [bare, http]: [Rate[], Rate[]] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        bare.push(await bareInserts(stack, count));
        http.push(await overHttp(stack, count));
      }
      const [baseline, rate] = [bare, http].map((rates) => median(rates.map((one) => one.perSecond))) as [
        number,
        number,
      ];
      const latencies = http.flatMap((one) => one.latencies);
      rows.push([
        String(count),
        rounded(baseline),
        `**${rounded(rate)}**`,
        `**${(rate / baseline).toFixed(2)}**`,
        quantile(latencies, 0.5).toFixed(0),
        quantile(latencies, 0.99).toFixed(0),
      ]);
      process.stderr.write(`${rows.at(-1)!.join(' | ')}\n`);
      for (const [of, rates] of [
        ['a bare insert', bare],
        ['a statement', http],
      ] as const) {
        cpu.push([count, of, ...[0, 1, 2].map((who) => Math.round(median(rates.map((one) => one.cpu[who]!))))]);
      }
    }
    await db.raw('set statement_timeout = 0');
    const { application_id: application } = (await db('api_keys').where({ id: 'demo' }).first('application_id')) as {
      application_id: string;
    };
    await fillStatements(db, application, stored);
    const answers: string[][] = [];
    for (const [name, queryOf] of asked) {
      const times = await ask(stack, queryOf);
      answers.push([name, quantile(times, 0.5).toFixed(1), quantile(times, 0.99).toFixed(1)]);
      process.stderr.write(`${answers.at(-1)!.join(' | ')}\n`);
    }
    return `## xAPI statements

${machine()}

${clients} clients, each with one connection, post statements of about 1 KB with ids of their own, alone or ${batches.at(-1)} together.
Beside it, in turn and in the same run, ${clients} bare \`pg\` connections: as many rows in one prepared insert and commit, into a table
with the same columns and indexes, and nothing else. Median of ${rounds} rounds of ${seconds} s; clients, api and Postgres share the cores.

${table(['together', 'bare rows a second', 'statements a second', 'ratio', 'median ms', 'p99 ms'], rows)}

CPU time of one in µs:

${table(['together', 'of', 'client', 'api', 'Postgres'], cpu)}

One reader, with ${stored.toLocaleString('en')} more statements stored, of ${activityCount.toLocaleString('en')} activities; ${questions} questions of each kind:

${table(['by', 'median ms', 'p99 ms'], answers)}
`;
  } finally {
    await db.destroy();
    await stack.stop();
  }
}
