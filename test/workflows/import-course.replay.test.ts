import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from '@temporalio/worker';
import { workflowBundle } from '../support/temporal';

/** Recorded runs of `importCourse`; see the README beside them for how they are recorded. */
const folder = path.resolve(__dirname, '../histories');
const recorded = readdirSync(folder).filter((file) => file.startsWith('import-course'));

type History = { events: { eventId: string; eventType: string }[] };
const read = (file: string): History => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as History;

describe('recorded histories of importCourse', () => {
  it('are there: an upload, a fetch, and a package that was refused', () => {
    expect(recorded.sort()).toEqual([
      'import-course.fetch.json',
      'import-course.refused.json',
      'import-course.upload.json',
    ]);
  });

  it.each(recorded)('%s replays on the present code', async (file) => {
    await expect(
      Worker.runReplayHistory({ workflowBundle: workflowBundle() }, read(file), 'import/recorded'),
    ).resolves.not.toThrow();
  });

  it('a history that lacks a step does not: the check can fail', async () => {
    const history = read('import-course.upload.json');
    const events = history.events
      .filter(({ eventType }) => !eventType.includes('ACTIVITY_TASK_SCHEDULED'))
      .map((event, index) => ({ ...event, eventId: String(index + 1) }));
    await expect(
      Worker.runReplayHistory({ workflowBundle: workflowBundle() }, { events }, 'import/recorded'),
    ).rejects.toThrow(/[Nn]ondeterminism|history/);
  });
});
