import { demoKey, ensureDemoKey } from '../../src/applications/bootstrap';
import { eventOf, eventStore } from '../support/events';
import { startHub, type TestHub, type TestKey } from '../support/hub';

let hub: TestHub;
let admin: ReturnType<typeof eventStore>;
let key: TestKey;
let store: ReturnType<typeof eventStore>;

beforeAll(async () => {
  hub = await startHub({ env: { HUB_DEMO: '1' } });
  admin = eventStore(hub, await hub.adminKey());
  key = await hub.newKey({ programs: ['ACME'] });
  store = eventStore(hub, key);
});
afterAll(() => hub.close());

const root = '/hub/v1/event-programs';
const json = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;
const newKeyOf = (applicationId: string, programs: string[]) =>
  admin.call('POST', `/hub/v1/applications/${applicationId}/keys`, { programs });

describe('event programs', () => {
  it('become an application’s with its first key that names them', async () => {
    expect(await json(store.call('GET', `${root}/ACME`))).toMatchObject({
      id: 'ACME',
      application_id: key.applicationId,
    });
    expect((await newKeyOf(key.applicationId, ['ACME', 'ACME-EU'])).status).toBe(201);
  });

  it.each([['ACME'], ['ACME-US'], ['HUB-MINE']])('cannot be had by another application: %s', async (program) => {
    const { applicationId } = await hub.newKey();
    const answer = await newKeyOf(applicationId, ['FREE-ONE', program]);
    expect([400, 409]).toContain(answer.status);
    expect((await admin.call('GET', `${root}/FREE-ONE`)).status).toBe(404);
  });

  it('cannot be had where another’s begins with them: event ids have to stay unique', async () => {
    await hub.newKey({ programs: ['LONG-NAME'] });
    expect((await store.call('POST', root, { id: 'LONG' })).status).toBe(409);
    expect((await store.call('POST', root, { id: 'LONGER' })).status).toBe(201);
  });

  it('may be registered by the application itself, or by an administrator for one', async () => {
    expect(await json(store.call('POST', root, { id: 'OWN' }))).toMatchObject({ id: 'OWN', reserved: false });
    expect((await admin.call('POST', root, { id: 'GIVEN' })).status).toBe(400);
    expect((await admin.call('POST', root, { id: 'GIVEN', application_id: key.applicationId })).status).toBe(201);
    const nobody = '5d0c5a6e-0000-4000-8000-000000000000';
    expect((await admin.call('POST', root, { id: 'NOBODYS', application_id: nobody })).status).toBe(404);
    expect((await store.call('POST', root, { id: 'x'.repeat(26) })).status).toBe(400);
  });

  it('are listed to who may read them, each application’s reserved one among them', async () => {
    const { programs } = await json<{ programs: { id: string; reserved: boolean }[] }>(store.call('GET', root));
    expect(programs.filter(({ reserved }) => reserved)).toHaveLength(1);
    expect(programs.map(({ id }) => id)).not.toContain('LONG-NAME');
    const all = await json<{ programs: { id: string }[] }>(admin.call('GET', root));
    expect(all.programs.map(({ id }) => id)).toContain('LONG-NAME');
    const page = await json<{ programs: unknown[]; next: string }>(store.call('GET', `${root}?limit=1`));
    expect(page.programs).toHaveLength(1);
    const rest = await json<{ programs: unknown[] }>(store.call('GET', `${root}?after=${page.next}`));
    expect(rest.programs).toHaveLength(programs.length - 1);
  });

  it('are granted and taken back by their owner or an administrator, not by who was granted', async () => {
    const reader = await hub.newKey();
    const grant = `${root}/ACME/grants/${reader.applicationId}`;
    const readers = eventStore(hub, reader);
    expect((await readers.call('GET', `${root}/ACME`)).status).toBe(404);
    expect((await readers.call('PUT', grant)).status).toBe(404);
    expect(await json(store.call('PUT', grant))).toMatchObject({ program_id: 'ACME' });
    expect((await store.call('PUT', grant)).status).toBe(200);
    expect((await readers.call('GET', `${root}/ACME`)).status).toBe(200);
    expect((await readers.call('DELETE', grant)).status).toBe(404);
    const { grants } = await json<{ grants: unknown[] }>(store.call('GET', `${root}/ACME/grants`));
    expect(grants).toMatchObject([{ application_id: reader.applicationId }]);
    expect((await admin.call('DELETE', grant)).status).toBe(204);
    expect((await admin.call('DELETE', grant)).status).toBe(404);
    const nobody = '5d0c5a6e-0000-4000-8000-000000000000';
    expect((await store.call('PUT', `${root}/ACME/grants/${nobody}`)).status).toBe(404);
  });

  it('let the demo key publish and read DEMO', async () => {
    await ensureDemoKey(hub.resources);
    await ensureDemoKey(hub.resources);
    const demo = eventStore(hub, `Basic ${btoa(`${demoKey.id}:${demoKey.secret}`)}`);
    expect((await demo.put('DEMO-1', eventOf('DEMO'))).status).toBe(200);
    expect((await demo.get('DEMO-1')).status).toBe(200);
  });
});
