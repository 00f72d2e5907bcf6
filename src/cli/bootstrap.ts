import { access, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { createAdministratorKey, ensureDemoKey } from '../applications/bootstrap';
import { readConfig } from '../config';
import { connectDatabase } from '../database/connection';
import { createSecrets } from '../secrets';
import { adminKeyFile } from './hub-client';
import { printRows } from './print';

/** Beside the database (DATABASE_URL, HUB_SECRET), because the hub API cannot make the key that first opens it. */
export const bootstrapCommand = (): Command =>
  new Command('bootstrap')
    .description("make an administrator's key, beside the database (needs DATABASE_URL and HUB_SECRET)")
    .option('--local', 'for npm start: keep the key in the data folder, once, and make the demo key')
    .option('--data <folder>', 'the data folder', 'data')
    .option('--json', 'print JSON')
    .action(async ({ local = false, data, json = false }: { local?: boolean; data: string; json?: boolean }) => {
      const config = readConfig();
      const db = connectDatabase(config.database.url, 2);
      const needs = { db, secrets: createSecrets(config.masterKey) };
      try {
        if (local && config.demo) await ensureDemoKey(needs);
        if (local && (await exists(path.join(data, adminKeyFile)))) return;
        const { key, secret } = await createAdministratorKey(local ? 'npm start' : 'bootstrap', needs);
        if (local) await keepKey(data, { id: key.id, secret });
        else printRows([{ id: key.id, secret, HUB_KEY: `${key.id}:${secret}` }], ['id', 'secret', 'HUB_KEY'], json);
      } finally {
        await db.destroy();
      }
    });

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

async function keepKey(folder: string, key: { id: string; secret: string }): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, adminKeyFile), `${JSON.stringify(key)}\n`, { mode: 0o600 });
}
