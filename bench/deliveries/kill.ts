import { setTimeout as delay } from 'node:timers/promises';
import { sharedNow } from '../process-times';
import { quantile } from '../report';
import { milliseconds } from './figures';
import { type Setup, warmUp, withSetup } from './setup';

const origins = 10;
const slots = 10;
const rounds = 3;
const patienceMs = 60_000;

export const benchKill = (): Promise<string> =>
  withSetup(origins, async (setup) => {
    await warmUp(setup);
    const again: number[] = [];
    for (let round = 0; round < rounds; round += 1) again.push(...(await killOnce(setup)));
    return `### A worker that is killed

${rounds} times, SIGKILL while about ${origins * slots} deliveries to ${origins} endpoints are under way; the worker is started again at once. From the kill until
each of them arrives again: p50 ${milliseconds(quantile(again, 0.5))}, **the last ${milliseconds(Math.max(...again))}**.
`;
  });

/** For each delivery that was under way, the ms until it came again. */
async function killOnce({ stack, receiver, acceptor }: Setup): Promise<number[]> {
  const first = acceptor.count;
  await receiver.tell({ order: 'delay', ms: patienceMs });
  await acceptor.atRate(1000, (origins * slots) / 1000, acceptor.acceptCopy);
  const underWay = acceptor.count - first;
  if (!(await receiver.untilArrived(acceptor.count, 10_000))) throw new Error('the deliveries are not under way');
  const seen = receiver.arrivals.length;
  await receiver.tell({ order: 'delay', ms: 0 });
  process.kill(stack.pidOf('worker'), 'SIGKILL');
  const killedAt = sharedNow();
  const isAgain = ({ number }: { number: number }): boolean => number >= first;
  const again = (): { at: number }[] => receiver.arrivals.slice(seen).filter(isAgain);
  while (again().length < underWay) {
    if (sharedNow() - killedAt > patienceMs) throw new Error('what was under way does not come again');
    await delay(20);
  }
  return again().map(({ at }) => at - killedAt);
}
