import { v7 as uuid } from 'uuid';
import { registerPrograms } from '../events/register-programs';
import type { Resources } from '../resources';
import { type ApiKeyRow, findKey, insertKey } from './api-keys.store';
import { findApplicationByName, insertApplication } from './applications.store';
import { applicationScopes } from './caller';
import { createKey } from './create-key';

type Needs = Pick<Resources, 'db' | 'secrets'>;

/** The first administrator's key, made beside the database where no other can exist yet. */
export const createAdministratorKey = (name: string, needs: Needs): Promise<{ key: ApiKeyRow; secret: string }> =>
  createKey({ name, scopes: ['admin'] }, needs);

export const demoKey = { id: 'demo', secret: 'demo-secret', program: 'DEMO' } as const;

/**
 * The application and key with which `npm start` lets a newcomer try things. The key is marked, and the api honours marked
 * keys in that mode alone.
 */
export async function ensureDemoKey({ db, secrets }: Needs): Promise<void> {
  await db.transaction(async (tx) => {
    const application = (await findApplicationByName(tx, 'demo')) ?? (await insertApplication(tx, uuid(), 'demo'));
    await registerPrograms(tx, application.id, [demoKey.program]);
    if (await findKey(tx, demoKey.id)) return;
    await insertKey(tx, {
      id: demoKey.id,
      application_id: application.id,
      name: 'for trying things out',
      secret_hash: secrets.hash(demoKey.secret),
      scopes: [...applicationScopes],
      programs: [demoKey.program],
      expires_at: null,
      is_demo: true,
    });
  });
}
