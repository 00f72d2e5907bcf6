import { setTimeout as delay } from 'node:timers/promises';
import { cpuOf, sharedNow } from '../process-times';
import { table } from '../report';
import { milliseconds, rate } from './figures';
import { type Setup, withSetup } from './setup';

const backlog = 50_000;
const parts = 5;
/** How long the first success is waited for, and then the last. */
const patienceMs = 120_000;
const drainWithinMs = 60_000;

export const benchBacklog = (origins: number): Promise<string> =>
  withSetup(origins, (setup) => measure(setup, origins));

async function measure(setup: Setup, origins: number): Promise<string> {
  const { receiver, acceptor } = setup;
  await receiver.tell({ order: 'close' });
  const enough = origins + backlog;
  await acceptor.keepUnderWay(Number.POSITIVE_INFINITY, () => acceptor.count >= enough);
  await delay(5000); // Whatever it does about a receiver that is down, it does now.
  const cpu = watchCpu(setup, origins);
  const openedAt = sharedNow();
  await receiver.tell({ order: 'reopen' });
  const isBack = await receiver.untilArrived(origins + 1, patienceMs);
  if (isBack) await receiver.untilArrived(acceptor.count, drainWithinMs);
  const marks = cpu();
  const times = [...receiver.firstAt.values()].slice(origins);
  const head = `### Backlog

${backlog.toLocaleString('en')} deliveries to ${origins} endpoint${origins === 1 ? '' : 's'} whose receiver refuses connections; then it is back.`;
  const [first = Number.NaN] = times;
  const last = times.at(-1) ?? Number.NaN;
  const perSecond = (times.length / (last - first)) * 1000;
  const outcome = `The first arrives ${milliseconds(first - openedAt)} later, and from then on **${rate(perSecond)} a second**`;
  if (times.length < backlog) {
    return `${head}\n${outcome}; within ${drainWithinMs / 1000} s ${times.length.toLocaleString('en')} of them arrived.\n`;
  }
  return `${head} ${outcome}, to the last. As the backlog shrinks:

${table(['', 'a second', 'CPU of the worker each'], fifths(times, marks))}
`;
}

/** Notes the worker's CPU time as each fifth of the backlog has arrived; answers it from the beginning on, in ms. */
function watchCpu({ stack, receiver }: Setup, before: number): () => number[] {
  const read = (): number => cpuOf(stack.pidOf('worker'));
  const marks: number[] = [];
  const timer = setInterval(() => {
    const arrived = receiver.firstAt.size - before;
    if (arrived > 0 && arrived >= (marks.length * backlog) / parts) marks.push(read());
  }, 5);
  return () => {
    clearInterval(timer);
    return marks.length <= parts ? [...marks, read()] : marks;
  };
}

function fifths(times: readonly number[], marks: readonly number[]): string[][] {
  const size = backlog / parts;
  return ['first', 'second', 'third', 'fourth', 'last'].map((name, index) => {
    const [from = 0, to = 0] = [times[index * size], times[(index + 1) * size - 1]];
    const cpu = ((marks[index + 1] ?? Number.NaN) - (marks[index] ?? Number.NaN)) / size;
    return [`${name} fifth`, rate((size / (to - from)) * 1000), `${cpu.toFixed(2)} ms`];
  });
}
