import { scormCourse } from '../support/course-packages';
import { startHub, type TestHub } from '../support/hub';
import { type HubWorkers, startWorkers } from '../support/hub-workers';
import { importCourse, linkTo, openSession } from '../support/player';
import { type CallCourseApi, courseApi } from '../support/scorm-cloud';
import { devServer } from '../support/temporal';
import { untilStarted } from '../support/workflows';

let hub: TestHub;
let workers: HubWorkers;
let call: CallCourseApi;

beforeAll(async () => {
  hub = await startHub({ env: { LAUNCH_IDLE_SECONDS: '2' } });
  workers = await startWorkers(hub, await devServer(), ['housekeeping']);
  call = courseApi(hub, await hub.newKey());
  await importCourse(hub, call, 'golf', scormCourse());
});
afterAll(async () => {
  await workers.stop();
  await (await devServer()).remove();
  await hub.close();
});

interface Opened {
  session: string;
  launchId: string;
}

async function open(): Promise<Opened> {
  const session = await openSession(await linkTo(call, 'golf'));
  const [row] = await hub.resources.db('launches').orderBy('opened_at', 'desc').limit(1);
  return { session, launchId: row!.id };
}

const commit = (session: string, body: object) =>
  fetch(`${session}commit`, { method: 'POST', body: JSON.stringify(body) });
const launchOf = async (id: string) => (await hub.resources.db('launches').where({ id }).first())!;
const ended = async ({ launchId }: Opened): Promise<void> => {
  const handle = workers.client.workflow.getHandle(`launch/${launchId}`);
  await untilStarted(handle);
  await handle.result();
};

describe('a launch that was opened', () => {
  it('is finished when nothing is heard of it, and goes on with the next commit of its page', async () => {
    const opened = await open();
    await ended(opened);
    expect(await launchOf(opened.launchId)).toMatchObject({ state: 'finished', finished_by: 'timeout' });

    const late = await commit(opened.session, { opening: 1, number: 1, current: 'item' });
    expect(late.status).toBe(200);
    expect(await launchOf(opened.launchId)).toMatchObject({ state: 'open', finished_by: null });
    // A second run of the workflow finishes it again.
    while ((await launchOf(opened.launchId)).state === 'open') await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await launchOf(opened.launchId)).toMatchObject({ finished_by: 'timeout' });
  });

  it('that the learner leaves needs no time-out', async () => {
    const opened = await open();
    await commit(opened.session, { opening: 1, number: 1, current: null, leaves: true });
    await ended(opened);
    expect(await launchOf(opened.launchId)).toMatchObject({ state: 'finished', finished_by: 'exit' });
    expect((await fetch(`${opened.session}player`)).status).toBe(410);
  });
});
