import { Counter } from 'prom-client';

const events = new Counter({
  name: 'hub_caliper_events_total',
  help: 'Items of Caliper envelopes, by outcome: stored, repeated (was there already), described (an entity), refused.',
  labelNames: ['outcome'],
});

export type ItemOutcome = 'stored' | 'repeated' | 'described' | 'refused';

export const observeItems = (outcome: ItemOutcome, count: number): void => events.inc({ outcome }, count);
