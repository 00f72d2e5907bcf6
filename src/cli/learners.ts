import { Command } from 'commander';
import type { EnrollmentSummary } from '../programs/hub-enrollments.schemas';
import type { WaivedUnit } from '../player/units.schemas';
import type { Learner } from '../programs/learners.schemas';
import { enrollmentColumns, enrollmentLineOf } from './enrollments';
import { everyPage, type HubClient } from './hub-client';
import { queryOf, wholeNumber } from './options';
import { printRows, printWhole } from './print';

type Connect = () => Promise<HubClient>;

interface Json {
  json?: boolean;
}

interface Names extends Json {
  firstName?: string;
  lastName?: string;
  email?: string;
}

const root = '/hub/v1/learners';
const pathOf = (id: string, rest = ''): string => `${root}/${encodeURIComponent(id)}${rest}`;
export const learnerColumns = ['id', 'uid', 'first_name', 'last_name', 'email'];

/** An administrator's key belongs to no application, and sees none of these. */
export function learnerCommands(connect: Connect): Command {
  const learners = new Command('learners').description(
    'learners: those who are enrolled; with a key of the application',
  );
  learners
    .command('list')
    .description('list learners, or find one')
    .option('--uid <uid>', 'the one with this uid')
    .option('--email <email>', 'the one with this email')
    .option('--limit <count>', 'how many', wholeNumber, 50)
    .option('--json', 'print JSON')
    .action(async ({ uid, email, limit, json = false }: Json & { uid?: string; email?: string; limit: number }) => {
      const query = queryOf({ uid, email, limit: Math.min(limit, 1000) });
      const itemsOf = (page: Record<string, unknown>) => page['learners'] as Learner[];
      printRows(await everyPage(await connect(), `${root}${query}`, itemsOf, limit), learnerColumns, json);
    });
  learners
    .command('show <id>')
    .description('show one learner, and the enrollments')
    .option('--json', 'print JSON')
    .action(async (id: string, { json = false }: Json) => {
      const client = await connect();
      const learner = await client.get<Learner>(pathOf(id));
      const path = pathOf(id, '/enrollments?with_deleted=true');
      const enrollments = await everyPage(client, path, (page) => page['enrollments'] as EnrollmentSummary[]);
      if (json) return printWhole({ ...learner, enrollments }, json);
      printWhole(learner, json);
      printRows(enrollments.map(enrollmentLineOf), enrollmentColumns, json);
    });
  learners
    .command('create <uid>')
    .description('create a learner')
    .option('--first-name <name>', 'first name')
    .option('--last-name <name>', 'last name')
    .option('--email <email>', 'email')
    .option('--json', 'print JSON')
    .action(async (uid: string, { firstName: first_name, lastName: last_name, email, json = false }: Names) => {
      const created = await (await connect()).post<Learner>(root, { uid, first_name, last_name, email });
      printRows([created], learnerColumns, json);
    });
  learners
    .command('delete <id>')
    .description('delete a learner with enrollments, their timelines, and completions')
    .action(async (id: string) => {
      await (await connect()).delete(pathOf(id));
      process.stdout.write(`Learner ${id} is deleted.\n`);
    });
  learners
    .command('launch <id> <course>')
    .description('print a link by which the learner opens a course')
    .action(async (id: string, course: string) => {
      const path = pathOf(id, `/courses/${encodeURIComponent(course)}/launch`);
      const { launchLink } = await (await connect()).post<{ launchLink: string }>(path, {});
      process.stdout.write(`${launchLink}\n`);
    });
  learners
    .command('waive <id> <course> <au>')
    .description('waive an assignable unit of a cmi5 course, by its id in the course structure')
    .option('--reason <reason>', 'why; "Tested Out", "Equivalent AU" and so on', 'Administrative')
    .option('--json', 'print JSON')
    .action(async (id: string, course: string, au: string, { reason, json = false }: Json & { reason: string }) => {
      const path = pathOf(id, `/courses/${encodeURIComponent(course)}/waive`);
      printWhole(await (await connect()).post<WaivedUnit>(path, { au_id: au, reason }), json);
    });
  return learners;
}
