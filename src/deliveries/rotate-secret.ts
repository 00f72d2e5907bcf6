import type { Resources } from '../resources';
import type { EndpointChoice } from './change-endpoint';
import { lockEndpoint, replaceSecret } from './endpoint-changes.store';
import { endpointMissing } from './missing-endpoint';
import { newSigningSecret } from './sign-webhook';

/** Gives the endpoint a new signing secret, and answers it. The former signs beside it for the overlap; an older one no more. */
export async function rotateSecret(
  { applicationId, endpointId }: EndpointChoice,
  overlapSeconds: number,
  { db, secrets }: Pick<Resources, 'db' | 'secrets'>,
): Promise<string> {
  const secret = newSigningSecret();
  await db.transaction(async (tx) => {
    if (!(await lockEndpoint(tx, applicationId, endpointId))) throw endpointMissing(endpointId);
    await replaceSecret(tx, endpointId, { secret: secrets.encrypt(secret), overlapSeconds });
  });
  return secret;
}
