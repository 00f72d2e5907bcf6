import { quantile, table } from '../report';
import { latenciesOf, milliseconds } from './figures';
import { type Setup, warmUp, withSetup } from './setup';

const origins = 10;
const hanging = 0;
const hangMs = 10_000;
/** To the others; the one that hangs gets as many. */
const perSecond = 100;
const seconds = 15;

export const benchIsolation = (): Promise<string> =>
  withSetup(origins, async (setup) => {
    await warmUp(setup);
    const alone = await measureOthers(setup, false);
    await setup.receiver.tell({ order: 'delay', ms: hangMs, origins: [hanging] });
    const beside = await measureOthers(setup, true);
    await setup.receiver.tell({ order: 'delay', ms: 0 });
    const row = (name: string, latencies: number[]): string[] => [
      name,
      milliseconds(quantile(latencies, 0.5)),
      milliseconds(quantile(latencies, 0.99)),
    ];
    return `### Isolation

${perSecond} deliveries a second to ${origins - 1} endpoints for ${seconds} s, alone, and then beside as many to one endpoint that hangs for
${hangMs / 1000} s before it answers. Of the ${origins - 1}, from accepted to arrived:

${table(['', 'p50', 'p99'], [row('alone', alone), row('beside one that hangs', beside)])}
`;
  });

async function measureOthers(setup: Setup, besideHanging: boolean): Promise<number[]> {
  const { acceptor, receiver } = setup;
  const first = acceptor.count;
  const others = new Set<number>();
  const acceptOther = async (): Promise<void> => {
    others.add(acceptor.count);
    await acceptor.accept(1 + (acceptor.count % (origins - 1)));
  };
  await Promise.all([
    acceptor.atRate(perSecond, seconds, acceptOther),
    besideHanging && acceptor.atRate(perSecond, seconds, () => acceptor.accept(hanging)),
  ]);
  const end = performance.now() + 10_000;
  const areMissing = (): boolean => [...others].some((number) => !receiver.firstAt.has(number));
  while (areMissing() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
  return latenciesOf(setup, first, (number) => others.has(number));
}
