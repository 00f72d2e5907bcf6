import { Command } from 'commander';
import { enrollmentCommands } from '../../src/cli/enrollments';
import { groupCommands } from '../../src/cli/groups';
import { connectHub } from '../../src/cli/hub-client';
import { learnerCommands } from '../../src/cli/learners';
import { programCommands } from '../../src/cli/programs';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { importCourse } from '../support/player';
import { scoCourse } from '../support/played-courses';
import { cmi5Course, cmi5Unit } from '../support/course-packages';
import { courseApi } from '../support/scorm-cloud';

let hub: TestHub;
let key: TestKey;

beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
});
afterAll(() => hub.close());

/** What `hub …` prints. */
async function run(args: string, as = `${key.id}:${key.secret}`): Promise<string> {
  const connect = () => connectHub({ hubUrl: hub.url, key: as, dataFolder: undefined });
  const program = new Command('hub').exitOverride();
  for (const commands of [programCommands, learnerCommands, groupCommands, enrollmentCommands])
    program.addCommand(commands(connect).exitOverride());
  const printed: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
  try {
    await program.parseAsync(args.split(' '), { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return printed.join('');
}

interface Row {
  id: number;
}

const json = async <T extends Row>(args: string): Promise<T> => (JSON.parse(await run(`${args} --json`)) as [T])[0];

describe('hub programs, learners, groups and enrollments', () => {
  it('make a program, a group of learners, and show how they stand', async () => {
    const program = await json(
      'programs create Golf --courses golf,chess --due 30 --reminders 7,1 --expires 365 --re-enroll 14 --any-order',
    );
    expect(program).toMatchObject({
      title: 'Golf',
      items: [{ course_id: 'golf' }, { course_id: 'chess' }],
      default_days_until_due: 30,
      reminder_days: [7, 1],
      default_days_until_expiration: 365,
      auto_re_enroll: true,
      re_enrollment_period: 14,
      non_linear: true,
    });
    const learner = await json('learners create ann --first-name Ann --email ann@example.com');
    const group = await json('groups create Sales');
    expect(await run(`programs add-group ${program.id} ${group.id}`)).toContain('are enrolled');
    expect(await run(`groups add ${group.id} ${learner.id}`)).toBe(`1 joined group ${group.id}.\n`);
    expect(await run(`groups members ${group.id}`)).toContain('ann@example.com');
    expect(await run('programs list')).toMatch(/Golf.*30.*365/);
    expect(await run(`programs show ${program.id}`)).toMatch(/chess/);
    const { enrollments } = await json<Row & { enrollments: Row[] }>(`learners show ${learner.id}`);
    const shown = await run(`enrollments show ${enrollments[0]!.id}`);
    expect(shown).toMatch(new RegExp(`group ${group.id}`));
    expect(shown).toMatch(/reminder \d{4}-/);
    expect(shown).toMatch(/enrolled[\s\S]*source_added/);
    expect(await run(`groups remove ${group.id} ${learner.id}`)).toBe(`1 left group ${group.id}.\n`);
    expect(await run(`learners show ${learner.id}`)).toContain('active (removed)');
    expect(await run(`programs remove-group ${program.id} ${group.id}`)).toContain('no source');
    for (const [noun, { id }] of [
      ['programs', program],
      ['learners', learner],
      ['groups', group],
    ] as const) {
      expect(await run(`${noun} delete ${id}`)).toContain('is deleted');
      expect(await run(`${noun} list`)).toBe('None.\n');
    }
  });

  it('approve a step', async () => {
    const call = async <T>(path: string, body: object): Promise<T> => {
      const init = { method: 'POST', key, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      return (await (await hub.fetch(`/hub/v1/${path}`, init)).json()) as T;
    };
    const items = [{ title: 'Sign off', requires_approval: true }];
    const [program, group] = [await call<Row>('programs', { title: 'P', items }), await json('groups create G')];
    const learner = await json('learners create bob');
    await run(`groups add ${group.id} ${learner.id}`);
    await run(`programs add-group ${program.id} ${group.id}`);
    const { enrollments } = await json<Row & { enrollments: Row[] }>(`learners show ${learner.id}`);
    expect(await run(`enrollments approve ${enrollments[0]!.id} 0`)).toContain('complete, 100 % done');
  });

  it('print links by which a learner opens an enrollment’s course, and any other', async () => {
    await importCourse(hub, courseApi(hub, key), 'tennis', scoCourse(['a']));
    const program = await json('programs create Tennis --courses tennis');
    const [learner, group] = [await json('learners create dora'), await json('groups create Players')];
    await run(`groups add ${group.id} ${learner.id}`);
    await run(`programs add-group ${program.id} ${group.id}`);
    const { enrollments } = await json<Row & { enrollments: Row[] }>(`learners show ${learner.id}`);
    for (const launch of [`enrollments launch ${enrollments[0]!.id} 0`, `learners launch ${learner.id} tennis`]) {
      const link = await run(launch);
      expect((await fetch(link.trim(), { redirect: 'manual' })).headers.get('location')).toContain('/player');
    }
    await expect(run(`learners launch ${learner.id} nowhere`)).rejects.toThrow('There is no course "nowhere"');
  });

  it('waive a unit of a cmi5 course', async () => {
    await importCourse(
      hub,
      courseApi(hub, key),
      'curling',
      cmi5Course(cmi5Unit('au', 'index.html', 'moveOn="Passed"')),
    );
    const learner = await json('learners create edith');
    const waive = `learners waive ${learner.id} curling https://example.com/au`;
    const { registration, ...waiver } = await json<Row & { registration: object }>(`${waive} --reason Tested`);
    expect(waiver).toMatchObject({ au_id: 'https://example.com/au', reason: 'Tested' });
    expect(registration).toMatchObject({ completion: 'completed' });
    expect(await run(waive)).toContain('Tested');
  });

  it('find a learner by uid or email', async () => {
    await run('learners create carl --email carl@example.com');
    expect(await run('learners list --uid CARL')).toContain('carl@example.com');
    expect(await run('learners list --email nobody@example.com')).toBe('None.\n');
  });

  it('say what is wrong in a sentence', async () => {
    await expect(run('programs show 999999')).rejects.toThrow('There is no program 999999 in this application.');
    const admin = Buffer.from((await hub.adminKey()).replace('Basic ', ''), 'base64').toString();
    await expect(run('learners list', admin)).rejects.toThrow('read:hub');
  });
});
