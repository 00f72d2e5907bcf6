import { Command } from 'commander';
import type { EventProgram, ProgramGrant } from '../events/event-programs.schemas';
import { findByNameOrId } from './applications';
import { everyPage, type HubClient } from './hub-client';
import { applicationOf } from './options';
import { printRows } from './print';

type Connect = () => Promise<HubClient>;

interface Json {
  json?: boolean;
}

const root = '/hub/v1/event-programs';
const pathOf = (program: string, rest = ''): string => `${root}/${encodeURIComponent(program)}${rest}`;
const columns = ['id', 'application_id', 'reserved', 'created_at'];
const grantColumns = ['program_id', 'application_id', 'created_at'];

export function eventProgramCommands(connect: Connect): Command {
  const programs = new Command('event-programs').description(
    'event-store programs: who publishes, and who may read it',
  );
  programs
    .command('list')
    .description('list programs')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: Json) => {
      const rows = await everyPage(await connect(), root, (page) => page['programs'] as EventProgram[]);
      printRows(rows, columns, json);
    });
  programs
    .command('create <program>')
    .description('register a program for an application')
    .option('--app <app>', 'whose it is, by name or id')
    .option('--json', 'print JSON')
    .action(async (id: string, { app, json = false }: Json & { app?: string }) => {
      const client = await connect();
      const created = await client.post<EventProgram>(root, { id, ...(await applicationOf(client, app)) });
      printRows([created], columns, json);
    });
  programs
    .command('grant <program> <app>')
    .description('let another application (by name or id) read the program')
    .option('--json', 'print JSON')
    .action(async (program: string, app: string, { json = false }: Json) => {
      const client = await connect();
      const { id } = await findByNameOrId(client, app);
      printRows([await client.put<ProgramGrant>(pathOf(program, `/grants/${id}`))], grantColumns, json);
    });
  programs
    .command('revoke <program> <app>')
    .description('take it back')
    .action(async (program: string, app: string) => {
      const client = await connect();
      const { id } = await findByNameOrId(client, app);
      await client.delete(pathOf(program, `/grants/${id}`));
      process.stdout.write(`${app} may no longer read ${program}.\n`);
    });
  programs
    .command('grants <program>')
    .description('list who else may read the program')
    .option('--json', 'print JSON')
    .action(async (program: string, { json = false }: Json) => {
      const rows = await everyPage(
        await connect(),
        pathOf(program, '/grants'),
        (page) => page['grants'] as ProgramGrant[],
      );
      printRows(rows, grantColumns, json);
    });
  return programs;
}
