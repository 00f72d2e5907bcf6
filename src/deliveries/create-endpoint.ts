import { v7 as uuid } from 'uuid';
import { conflict, invalid, notFound } from '../errors';
import type { Transaction } from '../database/connection';
import type { Resources } from '../resources';
import { readAddress } from './endpoint-address';
import { countOwn, insertEndpoint, lockApplication } from './endpoint-changes.store';
import type { NewEndpoint } from './endpoints.schemas';
import { newSigningSecret } from './sign-webhook';

/** Endpoints of one application that have a URL of their own: each is told of everything in its dialect. */
const maxEndpoints = 1000;

const usualSlots = 10;

/** Makes an endpoint, and what belongs to it (`withIt`) in the same transaction. The secret that its receiver verifies signatures with is in the answer, and encrypted in the record. */
export async function createEndpoint(
  applicationId: string,
  wanted: Omit<NewEndpoint, 'application_id' | 'subscription'>,
  { db, secrets }: Pick<Resources, 'db' | 'secrets'>,
  withIt: (tx: Transaction, id: string) => Promise<void>,
): Promise<{ id: string; secret: string }> {
  const address = readAddress(wanted.url);
  const username = wanted.username ?? address.credentials?.username ?? null;
  const password = wanted.password ?? address.credentials?.password ?? null;
  if (username === null && password !== null) throw passwordAlone();
  const [id, secret] = [uuid(), newSigningSecret()];
  await db.transaction(async (tx) => {
    if (!(await lockApplication(tx, applicationId))) throw notFound(`There is no application ${applicationId}.`);
    if ((await countOwn(tx, applicationId)) >= maxEndpoints) throw tooMany();
    await insertEndpoint(tx, {
      id,
      application_id: applicationId,
      dialect: wanted.dialect,
      name: wanted.name ?? '',
      origin: address.origin,
      url: secrets.encrypt(address.url),
      username,
      password: password === null ? null : secrets.encrypt(password),
      signing_secret: secrets.encrypt(secret),
      slots: wanted.concurrency ?? usualSlots,
      rate: wanted.requests_per_second ?? null,
    });
    await withIt(tx, id);
  });
  return { id, secret };
}

export const passwordAlone = () =>
  invalid('A password needs a user.', {
    details: [{ path: 'password', message: 'is of use only with a username' }],
  });

const tooMany = () =>
  conflict(`An application may have ${maxEndpoints} endpoints; delete one that is not needed any more.`, {
    code: 'too_many_endpoints',
  });
