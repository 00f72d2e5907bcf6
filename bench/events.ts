import { connectDatabase } from '../src/database/connection';
import { bareInserts } from './events/baseline';
import { fillFeed } from './events/fill';
import { type LoadResult, putLoad } from './events/load';
import { cpuOf, cpuOfFamily } from './process-times';
import { machine, quantile, table } from './report';
import { type Stack, type StackProcess, startStack } from './stack';

const clients = 64;
const warmUpMs = 3000;
const ms = 15_000;
const readLimit = 1000;

const watched = ['api', 'Postgres', 'worker', 'Temporal'] as const satisfies readonly StackProcess[];

interface Figures {
  perSecond: number;
  median: number;
  p99: number;
  /** Microseconds of CPU time for each request: of the clients, then of those that are watched. */
  cpu: number[];
}

async function measure({ pidOf }: Stack, load: () => Promise<LoadResult>): Promise<Figures> {
  const used = (): number[] => watched.map((name) => (name === 'Postgres' ? cpuOfFamily : cpuOf)(pidOf(name)));
  const before = used();
  const { times, count, cpuMs } = await load();
  const cpu = [cpuMs, ...used().map((after, index) => after - before[index]!)];
  return {
    perSecond: Math.round(times.length / (ms / 1000)),
    median: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    cpu: cpu.map((spent) => Math.round((1000 * spent) / count)),
  };
}

const puts = (stack: Stack, run: string): Promise<Figures> =>
  measure(stack, () =>
    putLoad({ url: stack.url, authorization: stack.authorization, program: 'DEMO', run, clients, warmUpMs, ms }),
  );

const bare = (stack: Stack): Promise<Figures> =>
  measure(stack, () => bareInserts({ databaseUrl: stack.databaseUrl, clients, warmUpMs, ms }));

interface Reading {
  perSecond: number;
  p99: number;
}

/** Follows the cursor from the beginning for a while, a page after the other. */
async function read(stack: Stack, query: string, seconds: number): Promise<Reading> {
  const headers = { authorization: stack.authorization };
  const times: number[] = [];
  let events = 0;
  let after = '';
  const started = performance.now();
  while (performance.now() - started < seconds * 1000) {
    const begun = performance.now();
    const answer = await fetch(`${stack.url}/events?limit=${readLimit}${query}${after}`, { headers });
    if (!answer.ok) throw new Error(await answer.text());
    const page = (await answer.json()) as { events: unknown[]; next: string };
    times.push(performance.now() - begun);
    events += page.events.length;
    if (page.events.length === 0) break;
    after = `&after=${page.next}`;
  }
  return { perSecond: Math.round(events / ((performance.now() - started) / 1000)), p99: quantile(times, 0.99) };
}

const questions: [string, string][] = [
  ['all that the key may read', ''],
  ['one program', '&ProgramId=DEMO'],
  ['a common type', '&EventType=AI_COMP_SUCCESS'],
  ['a rare type', '&EventType=LPI_REOPENED'],
  ['one learner', '&ProgramMemberId=learner-4242@example.com'],
];

/** `--stored N`: how many events lie there the second time; a million unless told. */
export async function benchEvents(flags: readonly string[]): Promise<string> {
  const index = flags.indexOf('--stored');
  const stored = index < 0 ? 1_000_000 : Number(flags[index + 1]);
  const stack = await startStack({ LOG_LEVEL: 'info' });
  const db = connectDatabase(stack.databaseUrl, 2);
  try {
    const rows: (string | number)[][] = [];
    const note = (name: string, { perSecond, median, p99, cpu }: Figures, baseline?: Figures): void => {
      const ratio = baseline === undefined ? '' : (perSecond / baseline.perSecond).toFixed(2);
      rows.push([name, perSecond, ratio, median.toFixed(1), p99.toFixed(1), ...cpu]);
      process.stderr.write(`${rows.at(-1)!.join(' | ')}\n`);
    };
    const say = async (name: string, prefix: string): Promise<void> => {
      const baseline = await bare(stack);
      note(`bare connections, ${name}`, baseline);
      note(`PUT over HTTP, ${name}`, await puts(stack, prefix), baseline);
    };
    await say('empty store', 'first');
    await db.raw('set statement_timeout = 0');
    await fillFeed(db, stored);
    await say(`${stored} stored`, 'second');
    const reads: (string | number)[][] = [];
    for (const [name, query] of questions) {
      const { perSecond, p99 } = await read(stack, query, 8);
      reads.push([name, perSecond, p99.toFixed(1)]);
      process.stderr.write(`reading ${name}: ${perSecond}/s, p99 ${p99.toFixed(1)} ms\n`);
    }
    return `## Events

${machine()}

${clients} clients in a process of their own, each with one request under way, for ${ms / 1000} s; beside them api, worker,
Postgres and Temporal on the same cores. The baseline is as many bare \`pg\` connections that insert one row each and commit it.

${table(['', 'a second', 'of the baseline', 'median ms', 'p99 ms', ...['clients', ...watched].map((name) => `${name} µs`)], rows)}

One reader that follows the cursor from the beginning, ${readLimit} a page, with ${stored} events stored:

${table(['filter', 'events a second', 'p99 ms of a page'], reads)}
`;
  } finally {
    await db.destroy();
    await stack.stop();
  }
}
