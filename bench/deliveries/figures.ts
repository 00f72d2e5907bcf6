import type { Setup } from './setup';

export const rate = (perSecond: number): string => Math.round(perSecond).toLocaleString('en');

export const milliseconds = (ms: number): string =>
  `${ms < 100 ? ms.toFixed(1) : Math.round(ms).toLocaleString('en')} ms`;

/** Ms from accepted to arrived, from the number `first` on, of those that `isCounted`. One that did not arrive counts as for ever. */
export function latenciesOf(
  { acceptor, receiver }: Setup,
  first: number,
  isCounted: (number: number) => boolean = () => true,
): number[] {
  return acceptor.acceptedAt.flatMap((at, number) =>
    number >= first && isCounted(number) ? [(receiver.firstAt.get(number) ?? Number.POSITIVE_INFINITY) - at] : [],
  );
}
