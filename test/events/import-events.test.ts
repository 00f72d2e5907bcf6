import { failImport } from '../../src/courses/fail-import';
import { moveHubEvents } from '../../src/events/relay-hub-events';
import { eventStore } from '../support/events';
import { startHub, type TestHub } from '../support/hub';

let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

describe('an import job that ended', () => {
  it('is an event of the application’s reserved program, once', async () => {
    const key = await hub.newKey();
    const form = new FormData();
    form.append('file', new Blob(['nothing']), 'golf.zip');
    const path = '/api/v2/courses/importJobs/upload?courseId=golf';
    const { result } = (await (await hub.fetch(path, { method: 'POST', key, body: form })).json()) as {
      result: string;
    };
    await failImport(result, 'It is no course.', hub.resources);
    await failImport(result, 'It is no course.', hub.resources);
    expect(await moveHubEvents(hub.resources.db)).toBe(1);
    const { events } = await eventStore(hub, key).feed();
    expect(events).toMatchObject([
      {
        ProgramId: expect.stringMatching(/^HUB-/),
        EventType: 'HUB_IMPORT_FAILED',
        EventData: { jobId: result, courseId: 'golf', status: 'ERROR', message: 'It is no course.' },
      },
    ]);
  });
});
