import { quantile } from '../report';
import { meterCpu, perDelivery } from './cpu-shares';
import { latenciesOf, milliseconds } from './figures';
import { warmUp, withSetup } from './setup';

const origins = 10;
const perSecond = 50;
const seconds = 15;

export const benchLight = (): Promise<string> =>
  withSetup(origins, async (setup) => {
    const { acceptor, receiver } = setup;
    await warmUp(setup);
    const first = acceptor.count;
    const used = await meterCpu(setup);
    await acceptor.atRate(perSecond, seconds, acceptor.accept);
    await receiver.untilArrived(acceptor.count, 10_000);
    const { producers, worker } = perDelivery(used(), acceptor.count - first);
    const latencies = latenciesOf(setup, first);
    return `### Light load

${perSecond} a second, accepted through the hub's verb, to ${origins} endpoints for ${seconds} s. From accepted to arrived: **p50 ${milliseconds(quantile(latencies, 0.5))}**, p99 ${milliseconds(quantile(latencies, 0.99))}.
CPU time each: ${producers.toFixed(2)} ms to accept (process and Postgres), ${worker.toFixed(2)} ms of the worker.
`;
  });
