import { Command } from 'commander';
import type { EnrollmentSummary, HubEnrollment, Timeline } from '../programs/hub-enrollments.schemas';
import { everyPage, type HubClient } from './hub-client';
import { printRows, printWhole } from './print';

type Connect = () => Promise<HubClient>;

interface Json {
  json?: boolean;
}

type Entry = Timeline['timeline'][number];

const pathOf = (id: string, rest = ''): string => `/hub/v1/enrollments/${encodeURIComponent(id)}${rest}`;

const stateOf = ({ state, superseded_at, deleted_at }: EnrollmentSummary): string =>
  deleted_at !== null ? `${state} (removed)` : superseded_at !== null ? `${state} (superseded)` : state;

export const enrollmentLineOf = (enrollment: EnrollmentSummary) => ({
  id: enrollment.id,
  program: enrollment.program_id,
  state: stateOf(enrollment),
  done: `${enrollment.progress} %`,
  due: enrollment.end_at?.slice(0, 10),
  expires: enrollment.expires_at?.slice(0, 10),
  next: describeWake(enrollment),
});
export const enrollmentColumns = ['id', 'program', 'state', 'done', 'due', 'expires', 'next'];

const describeWake = ({ next_wake: wake }: EnrollmentSummary): string =>
  wake === null ? '' : `${wake.reason} ${wake.at.slice(0, 10)}`;

const itemColumns = ['position', 'course_id', 'title', 'requires_approval', 'due_at', 'state', 'completed_at'];

const entryLineOf = ({ at, type, detail }: Entry) => ({
  'at (UTC)': at.slice(0, 19).replace('T', ' '),
  what: type,
  detail: JSON.stringify(detail),
});

function print(enrollment: HubEnrollment, timeline: readonly Entry[], json: boolean): void {
  if (json) return printWhole({ ...enrollment, timeline }, json);
  const { items, sources, next_wake: _, ...rest } = enrollment;
  const sourceNames = sources.map(({ kind, group_id }) => (group_id === null ? kind : `${kind} ${group_id}`));
  printWhole({ ...rest, sources: sourceNames.join(', '), next: describeWake(enrollment) }, json);
  printRows(items, itemColumns, json);
  printRows(timeline.map(entryLineOf), ['at (UTC)', 'what', 'detail'], json);
}

/** An administrator's key belongs to no application, and sees none of these. */
export function enrollmentCommands(connect: Connect): Command {
  const enrollments = new Command('enrollments').description(
    'enrollments: how learners stand, and all that happened; with a key of the application',
  );
  enrollments
    .command('show <id>')
    .description('show one enrollment with its items and its timeline; `learners show` lists a learner’s')
    .option('--json', 'print JSON')
    .action(async (id: string, { json = false }: Json) => {
      const client = await connect();
      const enrollment = await client.get<HubEnrollment>(pathOf(id));
      print(enrollment, await everyPage(client, pathOf(id, '/timeline'), (page) => page['timeline'] as Entry[]), json);
    });
  enrollments
    .command('approve <id> <position>')
    .description('approve the step at a position, from 0, whose turn it is')
    .action(async (id: string, position: string) => {
      const path = pathOf(id, `/items/${encodeURIComponent(position)}/approve`);
      const { state, progress } = await (await connect()).post<HubEnrollment>(path, {});
      process.stdout.write(`Item ${position} of enrollment ${id} is approved: ${state}, ${progress} % done.\n`);
    });
  enrollments
    .command('launch <id> <position>')
    .description('print a link by which the learner opens the course at a position, from 0')
    .action(async (id: string, position: string) => {
      const path = pathOf(id, `/items/${encodeURIComponent(position)}/launch`);
      const { launchLink } = await (await connect()).post<{ launchLink: string }>(path, {});
      process.stdout.write(`${launchLink}\n`);
    });
  return enrollments;
}
