import { Counter, Gauge, Histogram } from 'prom-client';
import type { Database } from '../database/connection';
import { countUnfinished } from './deliveries.store';
import type { Attempt, DeliveryState } from './deliveries.rules';
import type { EndpointChange } from './endpoint-health.rules';
import { countEndpoints } from './endpoints.store';

const states = new Counter({
  name: 'hub_deliveries_total',
  help: 'Deliveries that came into a state, by that state.',
  labelNames: ['state'],
});
const attempts = new Counter({
  name: 'hub_delivery_attempts_total',
  help: 'Attempts to deliver, by outcome: delivered, a class of status codes, or what was wrong.',
  labelNames: ['outcome'],
});
const latency = new Histogram({
  name: 'hub_delivery_attempt_seconds',
  help: 'Time from sending a delivery to the end of its answer, or to its failure.',
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
});

export function observeAttempt(attempt: Attempt): void {
  attempts.inc({ outcome: attempt.outcome });
  latency.observe(attempt.latencyMs / 1000);
}

export const observeState = (state: DeliveryState): void => states.inc({ state });

const endpointChanges = new Counter({
  name: 'hub_endpoint_changes_total',
  help: 'Endpoints that began to fail, were held back, disabled, have recovered, or whose deliveries began to die.',
  labelNames: ['change'],
});

export const observeEndpointChange = (change: EndpointChange): void => endpointChanges.inc({ change });

let counted: Database | undefined;

export const unfinished = new Gauge({
  name: 'hub_deliveries_unfinished',
  help: 'Deliveries that are still to be delivered, by state, as the database has them.',
  labelNames: ['state'],
  async collect() {
    if (!counted) return;
    this.reset();
    for (const { state, count } of await countUnfinished(counted)) this.set({ state }, count);
  },
});

export const endpoints = new Gauge({
  name: 'hub_endpoints',
  help: 'Endpoints by state, as the database has them.',
  labelNames: ['state'],
  async collect() {
    if (!counted) return;
    this.reset();
    for (const { state, count } of await countEndpoints(counted)) this.set({ state }, count);
  },
});

/** From now on the metrics count what is unfinished in this database, when they are asked for. */
export function countDeliveriesIn(db: Database): void {
  counted = db;
}
