import { conflict } from '../errors';
import { enqueue, outboxChannel } from '../database/outbox';
import type { Resources } from '../resources';
import type { Secrets } from '../secrets';
import { passwordAlone } from './create-endpoint';
import { recoveryWork } from './delivery-work';
import { type EndpointAddress, readAddress } from './endpoint-address';
import { lockEndpoint, updateEndpoint } from './endpoint-changes.store';
import type { EndpointChange } from './endpoints.schemas';
import type { EndpointRow } from './endpoints.store';
import { endpointMissing } from './missing-endpoint';

export interface EndpointChoice {
  /** Undefined: an administrator, for whom it may be anybody's. */
  applicationId: string | undefined;
  endpointId: string;
}

/**
 * Changes what is given. `accept` is called with the version that is there, and throws where it is not the one that is
 * meant. One that is held back is probed at once when
 * its address or credentials are new: that may have been what was wrong.
 */
export async function changeEndpoint(
  { applicationId, endpointId }: EndpointChoice,
  change: EndpointChange,
  accept: (version: number) => void,
  { db, wake, secrets }: Pick<Resources, 'db' | 'wake' | 'secrets'>,
): Promise<void> {
  const address = change.url === undefined ? undefined : readAddress(change.url);
  await db.transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, applicationId, endpointId);
    if (!endpoint) throw endpointMissing(endpointId);
    accept(endpoint.version);
    const access = newAccess(endpoint, change, address, secrets);
    if (endpoint.url === null && Object.keys(access).length > 0) throw hasNoAddress();
    await updateEndpoint(tx, endpointId, { ...access, ...newLimits(change) });
    if (endpoint.state === 'recovering' && Object.keys(access).length > 0) {
      await enqueue(tx, { ...recoveryWork(endpoint, endpoint.state), signal: 'now' });
    }
  });
  wake(outboxChannel('deliveries'));
}

/** Where it is and how it is entered. Credentials that are said beat those of the URL; without a user there is no password. */
function newAccess(
  endpoint: EndpointRow,
  change: EndpointChange,
  address: EndpointAddress | undefined,
  secrets: Secrets,
): Partial<Pick<EndpointRow, 'url' | 'origin' | 'username' | 'password'>> {
  const username = change.username === undefined ? address?.credentials?.username : change.username;
  const password = change.password === undefined ? address?.credentials?.password : change.password;
  const user = username === undefined ? endpoint.username : username;
  if (user === null && typeof password === 'string') throw passwordAlone();
  return {
    ...(address && { url: secrets.encrypt(address.url), origin: address.origin }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password: password === null ? null : secrets.encrypt(password) }),
    ...(username === null && { password: null }),
  };
}

const newLimits = ({
  name,
  concurrency,
  requests_per_second: rate,
}: EndpointChange): Partial<Pick<EndpointRow, 'name' | 'slots' | 'rate'>> => ({
  ...(name !== undefined && { name }),
  ...(concurrency !== undefined && { slots: concurrency }),
  ...(rate !== undefined && { rate }),
});

const hasNoAddress = () =>
  conflict(
    'This endpoint stands for all postbacks to one origin, each with its own URL and credentials; only its name and limits can be changed.',
    { code: 'endpoint_implicit' },
  );
