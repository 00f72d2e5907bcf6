import { addEndpoint } from '../support/deliveries';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { registerObject, send } from '../support/learning-objects';

let hub: TestHub;
let key: TestKey;
let id: number;

beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
  await addEndpoint({ applicationId: key.applicationId, url: 'http://127.0.0.1:1/', dialect: 'loep' }, hub.resources);
  id = await registerObject(hub, key);
});
afterAll(() => hub.close());

const call = async (method: string, path: string, body?: unknown) => {
  const answer = await send<{ id: number }>(hub, key, method, path, body);
  expect([200, 201, 204]).toContain(answer.status);
  return answer.body;
};

/** How many deliveries this queues, where none is waiting that would serve for it. */
async function announcements(run: () => Promise<unknown>): Promise<number> {
  const { db } = hub.resources;
  await db('deliveries').delete();
  await run();
  const rows = await db('deliveries').select('application_id', 'subject_kind', 'subject_id', 'payload', 'state');
  const announced = {
    application_id: key.applicationId,
    subject_kind: 'learning-object',
    subject_id: String(id),
    payload: null,
    state: 'pending',
  };
  expect(rows).toEqual(rows.map(() => announced));
  return rows.length;
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

  it('no longer once it is deleted: what was to be told is cancelled', async () => {
    await hub.resources.db('deliveries').delete();
    await call('PUT', `/api/v1/los/${id}?use_id_loep=true`, { lo: { name: 'Last' } });
    await call('DELETE', `/hub/v1/learning-objects/${id}`);
    expect(await hub.resources.db('deliveries').pluck<string[]>('state')).toEqual(['cancelled']);
  });
});
