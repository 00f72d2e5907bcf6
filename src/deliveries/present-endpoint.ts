import type { Secrets } from '../secrets';
import type { Endpoint, ShownState } from './endpoints.schemas';
import type { EndpointState } from './endpoint-health.rules';
import type { CountedEndpointRow } from './endpoint-list.store';
import type { EndpointRow } from './endpoints.store';

/** That one delivery tries it just now is nothing that a caller could use. */
const shown: Readonly<Record<Exclude<EndpointState, 'deleted'>, ShownState>> = {
  active: 'active',
  paused: 'paused',
  recovering: 'recovering',
  probing: 'recovering',
  disabled: 'disabled',
};

const isShown = (state: EndpointState): state is keyof typeof shown => state in shown;

/** The states of the record that show as this one. */
export const statesShownAs = (state: ShownState): EndpointState[] =>
  Object.entries(shown)
    .filter(([, name]) => name === state)
    .map(([inner]) => inner as EndpointState);

/** An endpoint as the hub API shows it. Its password never is. */
export function presentEndpoint(row: EndpointRow & Partial<CountedEndpointRow>, secrets: Secrets): Endpoint {
  if (!isShown(row.state)) throw new Error(`endpoint ${row.id} is ${row.state} and not to be shown`);
  return {
    id: row.id,
    application_id: row.application_id,
    dialect: row.dialect,
    name: row.name,
    url: row.url === null ? row.origin : secrets.decrypt(row.url),
    origin: row.origin,
    implicit: row.url === null,
    username: row.username,
    has_password: row.password !== null,
    concurrency: row.slots,
    requests_per_second: row.rate,
    state: shown[row.state],
    health: {
      failures: row.failures,
      failing_since: text(row.failing_since),
      last_failure: row.last_failure,
      dying: row.dying,
      failed_probes: row.probes,
      next_probe_at: text(row.next_probe_at),
      held_until: text(row.held_until),
    },
    ...(row.unfinished === undefined ? {} : { unfinished: row.unfinished }),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

const text = (date: Date | null): string | null => date?.toISOString() ?? null;
