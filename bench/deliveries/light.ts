import { quantile } from '../report';
import { latenciesOf, milliseconds } from './figures';
import { warmUp, withSetup } from './setup';

const origins = 10;
const perSecond = 50;
const seconds = 15;

export const benchLight = (): Promise<string> =>
  withSetup(origins, async (setup) => {
    const { acceptor, receiver } = setup;
    await warmUp(setup, origins);
    const first = acceptor.count;
    await acceptor.atRate(perSecond, seconds);
    await receiver.untilArrived(acceptor.count, 10_000);
    const latencies = latenciesOf(setup, first);
    return `### Light load

${perSecond} a second to ${origins} endpoints for ${seconds} s, from accepted to arrived: **p50 ${milliseconds(quantile(latencies, 0.5))}**, p99 ${milliseconds(quantile(latencies, 0.99))}.
`;
  });
