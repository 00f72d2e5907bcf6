import { quantile, table } from '../report';
import { sharedNow } from '../process-times';
import { bareCommits, type Baseline, bareRequests } from './baselines';
import { type CpuShares, meterCpu, perDelivery } from './cpu-shares';
import { latenciesOf, milliseconds, rate } from './figures';
import { type Setup, warmUp, withSetup } from './setup';

const seconds = 8;
const baselineSeconds = 4;
/** Deliveries under way at saturation: enough that no slot waits for the producers. */
const underWay = 1000;
const slots = 10;
const steadyShare = 0.8;

interface Saturated {
  perSecond: number;
  cpu: CpuShares;
  /** How many were under way on average. */
  kept: number;
}

interface Sustained extends Saturated {
  origins: number;
  steadyRate: number;
  latencies: number[];
  requests: Baseline;
  commits: Baseline;
}

export async function benchSustained(originCounts: readonly number[]): Promise<string> {
  const results: Sustained[] = [];
  for (const origins of originCounts) results.push(await withSetup(origins, (setup) => measure(setup, origins)));
  return `### Sustained

${underWay} deliveries of 1 KB are under way all the time for ${seconds} s: whenever one has arrived, the next is accepted, in
a transaction of its own. Then the times from accepted (the commit has returned) to arrived, while they are accepted at
${steadyShare * 100} % of that rate. The receiver answers at once. So that the producers leave the machine to the engine they copy rows
that the hub's verb has written, one statement each over 8 sessions.

${table(
  ['endpoints', 'under way', 'a second', 'of bare commits', 'of bare requests', 'at', 'p50', 'p99'],
  results.map(({ origins, kept, perSecond, steadyRate, latencies, requests, commits }) => [
    origins.toLocaleString('en'),
    rate(kept),
    `**${rate(perSecond)}**`,
    `**${(perSecond / commits.perSecond).toFixed(2)}**`,
    (perSecond / requests.perSecond).toFixed(2),
    `${rate(steadyRate)}/s`,
    milliseconds(quantile(latencies, 0.5)),
    milliseconds(quantile(latencies, 0.99)),
  ]),
)}

CPU time for each delivery in ms, at saturation:

${table(
  ['endpoints', 'worker', 'Postgres for it', 'Temporal', 'producers and their Postgres', 'receiver'],
  results.map(({ origins, cpu }) => [
    origins.toLocaleString('en'),
    `**${cpu.worker.toFixed(2)}**`,
    cpu.postgres.toFixed(2),
    cpu.temporal.toFixed(2),
    cpu.producers.toFixed(2),
    cpu.receiver.toFixed(2),
  ]),
)}

Beside it, in the same runs: 8 sessions that insert and commit one row of 1 KB at a time did
${results.map(({ commits }) => rate(commits.perSecond)).join(', ')} a second; an HTTP client with as many connections did
${results.map(({ requests }) => `${rate(requests.perSecond)} (${requests.cpu.toFixed(2)} ms of CPU each)`).join(', ')}.
`;
}

async function measure(setup: Setup, origins: number): Promise<Sustained> {
  const { stack, receiver, acceptor } = setup;
  await warmUp(setup);
  const commits = await bareCommits(stack.databaseUrl, baselineSeconds);
  await acceptor.keepUnderWay(underWay, overIn(2));
  const saturated = await saturate(setup);
  await receiver.untilArrived(acceptor.count, 60_000);
  const first = acceptor.count;
  const steadyRate = saturated.perSecond * steadyShare;
  await acceptor.atRate(steadyRate, seconds, acceptor.acceptCopy);
  await receiver.untilArrived(acceptor.count, 60_000);
  const latencies = latenciesOf(setup, first);
  const requests = await bareRequests(receiver, Math.min(origins * slots, underWay), baselineSeconds);
  return { origins, ...saturated, steadyRate, latencies, requests, commits };
}

const overIn = (time: number): (() => boolean) => {
  const end = performance.now() + time * 1000;
  return () => performance.now() >= end;
};

async function saturate(setup: Setup): Promise<Saturated> {
  const { receiver, acceptor } = setup;
  const used = await meterCpu(setup);
  const [started, before] = [sharedNow(), receiver.firstAt.size];
  const kept = await acceptor.keepUnderWay(underWay, overIn(seconds));
  const delivered = receiver.firstAt.size - before;
  const cpu = perDelivery(used(), delivered);
  return { perSecond: (delivered / (sharedNow() - started)) * 1000, cpu, kept };
}
