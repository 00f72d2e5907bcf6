import { Command } from 'commander';
import type { Group } from '../programs/groups.schemas';
import type { Learner } from '../programs/learners.schemas';
import { everyPage, type HubClient } from './hub-client';
import { learnerColumns } from './learners';
import { wholeNumber } from './options';
import { printRows } from './print';

type Connect = () => Promise<HubClient>;

interface Json {
  json?: boolean;
}

const root = '/hub/v1/groups';
const pathOf = (id: string, rest = ''): string => `${root}/${encodeURIComponent(id)}${rest}`;
const columns = ['id', 'name', 'created_at'];

const learnersOf = (ids: readonly number[]) => ({ learners: ids.map((id) => ({ id })) });

const withLearners = (command: Command): Command =>
  command.argument('<learners...>', 'their ids', (text, before?: number[]) => [...(before ?? []), wholeNumber(text)]);

/** An administrator's key belongs to no application, and sees none of these. */
export function groupCommands(connect: Connect): Command {
  const groups = new Command('groups').description('groups of learners; with a key of the application');
  groups
    .command('list')
    .description('list groups')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: Json) =>
      printRows(await everyPage(await connect(), root, (page) => page['groups'] as Group[]), columns, json),
    );
  groups
    .command('members <id>')
    .description('list the members of a group')
    .option('--json', 'print JSON')
    .action(async (id: string, { json = false }: Json) => {
      const path = pathOf(id, '/members');
      printRows(await everyPage(await connect(), path, (page) => page['learners'] as Learner[]), learnerColumns, json);
    });
  groups
    .command('create <name>')
    .description('create a group')
    .option('--json', 'print JSON')
    .action(async (name: string, { json = false }: Json) =>
      printRows([await (await connect()).post<Group>(root, { name })], columns, json),
    );
  withLearners(groups.command('add <id>'))
    .description('have learners join a group, and be enrolled in its programs')
    .action(async (id: string, learners: number[]) => {
      const path = pathOf(id, '/members');
      const { added } = await (await connect()).post<{ added: number }>(path, learnersOf(learners));
      process.stdout.write(`${added} joined group ${id}.\n`);
    });
  withLearners(groups.command('remove <id>'))
    .description('have learners leave a group')
    .action(async (id: string, learners: number[]) => {
      const path = pathOf(id, '/members/remove');
      const { removed } = await (await connect()).post<{ removed: number }>(path, learnersOf(learners));
      process.stdout.write(`${removed} left group ${id}.\n`);
    });
  groups
    .command('delete <id>')
    .description('delete a group; its members leave the programs that they have no other source of')
    .action(async (id: string) => {
      await (await connect()).delete(pathOf(id));
      process.stdout.write(`Group ${id} is deleted.\n`);
    });
  return groups;
}
