import { Command } from 'commander';
import type { Program, ProgramSummary } from '../programs/programs.schemas';
import { everyPage, type HubClient } from './hub-client';
import { wholeNumber } from './options';
import { printRows, printWhole } from './print';
import { shorten, shortTime } from './shorten.rules';
import { words } from './words.rules';

type Connect = () => Promise<HubClient>;

interface Json {
  json?: boolean;
}

interface Creation extends Json {
  courses?: string[];
  due?: number;
  reminders?: number[];
  expires?: number;
  reEnroll?: number;
  anyOrder?: boolean;
}

const root = '/hub/v1/programs';
const pathOf = (id: string, rest = ''): string => `${root}/${encodeURIComponent(id)}${rest}`;

const lineOf = (program: ProgramSummary) => ({
  id: program.id,
  title: shorten(program.title, 40),
  'due (days)': program.default_days_until_due ?? shortTime(program.default_due_on_date),
  'expires (days)': program.expires ? program.default_days_until_expiration : null,
  'any order': program.non_linear,
  'updated (UTC)': shortTime(program.updated_at),
});
const columns = ['id', 'title', 'due (days)', 'expires (days)', 'any order', 'updated (UTC)'];
const itemColumns = ['id', 'course_id', 'title', 'requires_approval', 'days_until_due', 'waived_at'];

function print(program: Program, json = false): void {
  if (json) return printWhole(program, json);
  const { items, ...rest } = program;
  printWhole(rest, json);
  printRows(items, itemColumns, json);
}

/** What was not given is undefined, and so not sent. */
const bodyOf = (title: string, { courses, due, reminders, expires, reEnroll, anyOrder }: Creation) => ({
  title,
  items: courses?.map((course_id) => ({ course_id })),
  default_days_until_due: due,
  reminder_days: reminders,
  ...(expires !== undefined && { expires: true, default_days_until_expiration: expires }),
  ...(reEnroll !== undefined && { auto_re_enroll: true, re_enrollment_period: reEnroll }),
  non_linear: anyOrder,
});

/** An administrator's key belongs to no application, and sees none of these. */
export function programCommands(connect: Connect): Command {
  const programs = new Command('programs').description(
    'programs that learners are enrolled in (Bridge’s); with a key of the application',
  );
  programs
    .command('list')
    .description('list programs')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: Json) => {
      const rows = await everyPage(await connect(), root, (page) => page['programs'] as ProgramSummary[]);
      printRows(json ? rows : rows.map(lineOf), columns, json);
    });
  programs
    .command('show <id>')
    .description('show one program with its items')
    .option('--json', 'print JSON')
    .action(async (id: string, { json }: Json) => print(await (await connect()).get<Program>(pathOf(id)), json));
  programs
    .command('create <title>')
    .description('create a program of courses; the hub API knows more settings')
    .option('--courses <ids>', 'courses in their order, separated by commas', words)
    .option('--due <days>', 'due so many days from the enrollment', wholeNumber)
    .option('--reminders <days>', 'days before the due date, separated by commas', (text) =>
      words(text).map(wholeNumber),
    )
    .option('--expires <days>', 'expires so many days from the enrollment', wholeNumber)
    .option('--re-enroll <days>', 'enroll anew, so many days before it expires', wholeNumber)
    .option('--any-order', 'courses may be done in any order')
    .option('--json', 'print JSON')
    .action(async (title: string, options: Creation) =>
      print(await (await connect()).post<Program>(root, bodyOf(title, options)), options.json),
    );
  programs
    .command('delete <id>')
    .description('delete it, and remove those who are enrolled')
    .action(async (id: string) => {
      await (await connect()).delete(pathOf(id));
      process.stdout.write(`Program ${id} is deleted.\n`);
    });
  programs
    .command('add-group <id> <group>')
    .description('enroll the members of a group, those who are there and those who join')
    .action(async (id: string, group: string) => {
      await (await connect()).put(pathOf(id, `/groups/${encodeURIComponent(group)}`));
      process.stdout.write(`The members of group ${group} are enrolled in program ${id}.\n`);
    });
  programs
    .command('remove-group <id> <group>')
    .description('enroll them no longer')
    .action(async (id: string, group: string) => {
      await (await connect()).delete(pathOf(id, `/groups/${encodeURIComponent(group)}`));
      process.stdout.write(`Group ${group} is no source of program ${id} any more.\n`);
    });
  return programs;
}
