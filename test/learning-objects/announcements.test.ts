import { cancelSubject } from '../../src/deliveries/cancel-subject';
import { queueSnapshots } from '../../src/deliveries/queue-snapshots';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { registerObject, send } from '../support/learning-objects';

jest.mock('../../src/deliveries/queue-snapshots', () => ({ queueSnapshots: jest.fn(async () => []) }));
jest.mock('../../src/deliveries/cancel-subject', () => ({ cancelSubject: jest.fn(async () => []) }));
const queued = jest.mocked(queueSnapshots);

let hub: TestHub;
let key: TestKey;
let id: number;

beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
  id = await registerObject(hub, key);
});
afterAll(() => hub.close());

const call = async (method: string, path: string, body?: unknown) => {
  const answer = await send<{ id: number }>(hub, key, method, path, body);
  expect([200, 201, 204]).toContain(answer.status);
  return answer.body;
};

/** How often the application's endpoints are told of the object while this runs. */
async function announcements(run: () => Promise<unknown>): Promise<number> {
  queued.mockClear();
  await run();
  for (const [, snapshots] of queued.mock.calls) {
    expect(snapshots).toEqual({
      applicationId: key.applicationId,
      subject: { kind: 'learning-object', id: String(id) },
      dialects: ['loep', 'loep-json'],
    });
  }
  return queued.mock.calls.length;
}

const items = Array<number>(10).fill(3);
const work = (reviewer: string) => ({ model: 'SUS', reviewer });

describe('a learning object is told of', () => {
  it('when it changes, and not when nothing does', async () => {
    expect(await announcements(() => registerObject(hub, key, { name: 'New' }))).toBe(1);
    expect(await announcements(() => registerObject(hub, key, { name: 'New' }))).toBe(0);
    const path = `/api/v1/los/${id}?use_id_loep=true`;
    expect(await announcements(() => call('PUT', path, { lo: { name: 'Newer' } }))).toBe(1);
    expect(await announcements(() => call('PUT', path, { lo: {} }))).toBe(0);
    expect(await announcements(() => call('PATCH', `/hub/v1/learning-objects/${id}`, { course_id: null }))).toBe(0);
  });

  it('when its assignments and evaluations change', async () => {
    const path = `/hub/v1/learning-objects/${id}`;
    const evaluation = { ...work('ann'), items };
    expect(await announcements(() => call('POST', `${path}/evaluations`, evaluation))).toBe(1);
    const refused = () => send(hub, key, 'POST', `${path}/evaluations`, { ...evaluation, items: [1] });
    expect(await announcements(refused)).toBe(0);
    let assignment = await call('POST', `${path}/assignments`, work('bob'));
    expect(await announcements(() => call('POST', `/hub/v1/assignments/${assignment.id}/reject`))).toBe(1);
    expect(await announcements(async () => (assignment = await call('POST', `${path}/assignments`, work('cy'))))).toBe(
      1,
    );
    expect(await announcements(() => call('DELETE', `/hub/v1/assignments/${assignment.id}`))).toBe(1);
    const made = await call('POST', `${path}/evaluations`, { ...evaluation, reviewer: 'dee' });
    expect(await announcements(() => call('PUT', `/hub/v1/evaluations/${made.id}`, { items }))).toBe(1);
    expect(await announcements(() => call('DELETE', `/hub/v1/evaluations/${made.id}`))).toBe(1);
  });

  it('not while it has no id of the application’s own', async () => {
    expect(await announcements(() => registerObject(hub, key, { id_repository: null }))).toBe(0);
  });

  it('no longer once it is deleted', async () => {
    expect(await announcements(() => call('DELETE', `/hub/v1/learning-objects/${id}`))).toBe(0);
    expect(jest.mocked(cancelSubject)).toHaveBeenCalledWith(expect.anything(), {
      applicationId: key.applicationId,
      subject: { kind: 'learning-object', id: String(id) },
    });
  });
});
