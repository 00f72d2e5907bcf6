import { Command } from 'commander';
import type { Application, Key } from '../applications/applications.schemas';
import { CommandError, everyPage, type HubClient } from './hub-client';
import { printRows } from './print';
import { words } from './words.rules';

type Connect = () => Promise<HubClient>;

const listApplications = (client: HubClient): Promise<Application[]> =>
  everyPage(client, '/hub/v1/applications', (page) => page['applications'] as Application[]);

/** An application by id or by name, as people type it. */
export async function findByNameOrId(client: HubClient, wanted: string): Promise<Application> {
  const found = (await listApplications(client)).find(({ id, name }) => id === wanted || name === wanted);
  if (!found) throw new CommandError(`There is no application "${wanted}"; \`app list\` shows them.`);
  return found;
}

export function applicationCommands(connect: Connect): Command {
  const app = new Command('app').description('applications: the tenants of the hub');
  app
    .command('create <name>')
    .description('create an application')
    .option('--json', 'print JSON')
    .action(async (name: string, { json = false }: { json?: boolean }) => {
      const created = await (await connect()).post<Application>('/hub/v1/applications', { name });
      printRows([created], ['id', 'name', 'created_at'], json);
    });
  app
    .command('list')
    .description('list applications')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      printRows(await listApplications(await connect()), ['id', 'name', 'created_at'], json);
    });
  return app;
}

interface KeyOptions {
  name?: string;
  scopes?: string[];
  programs?: string[];
  expires?: string;
  json?: boolean;
}

export function keyCommands(connect: Connect): Command {
  const key = new Command('key').description('keys: what an application signs its requests with');
  key
    .command('create <app>')
    .description('create a key of an application (by name or id); its secret is shown this once')
    .option('--name <text>', 'what the key is for')
    .option('--scopes <scopes>', 'scopes, separated by commas', words)
    .option('--programs <programs>', 'event-store programs it may publish for, separated by commas', words)
    .option('--expires <date>', 'when it ends (RFC 3339)')
    .option('--json', 'print JSON')
    .action(async (app: string, { json = false, expires, ...wanted }: KeyOptions) => {
      const client = await connect();
      const { id } = await findByNameOrId(client, app);
      const body = { ...wanted, ...(expires === undefined ? {} : { expires_at: expires }) };
      const created = await client.post<Key & { secret: string }>(`/hub/v1/applications/${id}/keys`, body);
      printRows([created], ['id', 'secret', 'scopes', 'programs', 'expires_at'], json);
      if (!json) process.stdout.write('Keep the secret now: it is not shown again.\n');
    });
  key
    .command('list <app>')
    .description('list the keys of an application')
    .option('--json', 'print JSON')
    .action(async (app: string, { json = false }: { json?: boolean }) => {
      const client = await connect();
      const { id } = await findByNameOrId(client, app);
      const keys = await everyPage(client, `/hub/v1/applications/${id}/keys`, (page) => page['keys'] as Key[]);
      printRows(keys, ['id', 'name', 'scopes', 'programs', 'expires_at', 'revoked_at', 'last_used_at'], json);
    });
  key
    .command('revoke <id>')
    .description('revoke a key: it is refused from now on')
    .action(async (id: string) => {
      await (await connect()).delete(`/hub/v1/keys/${encodeURIComponent(id)}`);
      process.stdout.write(`Key ${id} is revoked.\n`);
    });
  return key;
}
