import type { Logger } from '../log';
import type { HubEvent, HubEventType } from '../events/emit-hub-events';
import { observeEndpointChange } from './delivery-metrics';
import type { EndpointChange, EndpointHealth } from './endpoint-health.rules';

/** What each change means to whoever reads the log. */
const texts: Readonly<Record<EndpointChange, string>> = {
  failing: 'deliveries to this endpoint fail',
  held: 'the endpoint fails as a whole: its deliveries are held back, and one at a time probes it',
  'probe-failed': 'a probe of the endpoint failed',
  disabled: 'the endpoint answered 410 and is disabled: nothing is sent until somebody resumes it',
  recovered: 'the endpoint takes deliveries again',
  dying: 'a delivery to this endpoint is dead: it was tried for as long as it may be',
};

/** A log line at level error for each change that an operator should know of, and a metric. */
export function tellOfEndpoint(
  {
    before,
    health,
    changes,
  }: {
    before: { id: string; application_id: string; origin: string };
    health: EndpointHealth;
    changes: readonly EndpointChange[];
  },
  log: Logger,
): void {
  for (const change of changes) {
    observeEndpointChange(change);
    const line = {
      event: `endpoint.${change}`,
      endpointId: before.id,
      applicationId: before.application_id,
      origin: before.origin,
      state: health.state,
      failures: health.failures,
      reason: health.last_failure,
      nextProbeAt: health.next_probe_at,
    };
    if (change === 'probe-failed') log.warn(line, texts[change]);
    else log.error(line, texts[change]);
  }
}

/** Under which type a change is in the event feed; a probe that fails is no news there. */
const eventTypes: Readonly<Record<Exclude<EndpointChange, 'probe-failed'>, HubEventType>> = {
  failing: 'HUB_ENDPOINT_FAILING',
  held: 'HUB_ENDPOINT_HELD',
  disabled: 'HUB_ENDPOINT_DISABLED',
  recovered: 'HUB_ENDPOINT_RECOVERED',
  dying: 'HUB_ENDPOINT_DYING',
};

/** The same for the application's own programs. */
export const endpointEvents = (
  endpoint: { id: string; application_id: string; origin: string },
  health: EndpointHealth,
  changes: readonly EndpointChange[],
  at: Date = new Date(),
): HubEvent[] =>
  changes
    .filter((change) => change !== 'probe-failed')
    .map((change) => ({
      applicationId: endpoint.application_id,
      type: eventTypes[change],
      memberId: endpoint.id,
      data: {
        endpointId: endpoint.id,
        origin: endpoint.origin,
        state: health.state === 'probing' ? 'recovering' : health.state,
        failures: health.failures,
        reason: health.last_failure,
      },
      at,
    }));
