import { Command } from 'commander';
import { deliveryCommands } from '../../src/cli/deliveries';
import { endpointCommands } from '../../src/cli/endpoints';
import { connectHub } from '../../src/cli/hub-client';
import type { Delivery, DeliveryWithAttempts } from '../../src/deliveries/deliveries.schemas';
import type { Endpoint, EndpointWithSecret } from '../../src/deliveries/endpoints.schemas';
import { startDrains, type TestDrains, untilState } from '../support/deliveries';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { closeReceivers, ok, type Receiver, startReceiver, status } from '../support/receivers';

let hub: TestHub;
let admin: string;
let key: TestKey;
let receiver: Receiver;
let drains: TestDrains | undefined;

beforeAll(async () => {
  hub = await startHub();
  admin = Buffer.from((await hub.adminKey()).replace('Basic ', ''), 'base64').toString();
});
afterAll(() => hub.close());

beforeEach(async () => {
  key = await hub.newKey();
  receiver = await startReceiver(ok('thanks'));
});
afterEach(async () => {
  await closeReceivers();
  await drains?.stop();
  drains = undefined;
});

/** What `hub …` prints, with an administrator's key unless given. */
async function run(args: string, as = admin): Promise<string> {
  const connect = () => connectHub({ hubUrl: hub.url, key: as, dataFolder: undefined });
  const program = new Command('hub')
    .exitOverride()
    .addCommand(endpointCommands(connect))
    .addCommand(deliveryCommands(connect));
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

const json = async <T>(args: string): Promise<T[]> => JSON.parse(await run(`${args} --json`)) as T[];

const create = async (more = ''): Promise<EndpointWithSecret> => {
  const [made] = await json<EndpointWithSecret>(
    `endpoints create ${receiver.url}/hook --app ${key.applicationId} --name LMS${more}`,
  );
  return made!;
};

describe('hub endpoints', () => {
  it('subscribe one to the event feed', async () => {
    const made = await create(' --dialect events --subscription {"types":["AI_STARTED"]}');
    const answer = await hub.fetch(`/hub/v1/endpoints/${made.id}/subscription`, { key });
    expect(await answer.json()).toMatchObject({ types: ['AI_STARTED'], programs: null });
    await expect(create(' --dialect events --subscription {')).rejects.toThrow('--subscription is not JSON.');
  });

  it('create one for an application and show it, its secret once', async () => {
    const made = await create(' --dialect loep-json --concurrency 3 --rate 7 --username me --password secret');
    expect(made).toMatchObject({
      application_id: key.applicationId,
      dialect: 'loep-json',
      name: 'LMS',
      concurrency: 3,
      requests_per_second: 7,
      username: 'me',
      signing_secret: expect.stringMatching(/^whsec_/) as string,
    });
    const shown = await run(`endpoints show ${made.id}`);
    expect(shown).toMatch(/url\s+│ http:.*\/hook/);
    expect(shown).toMatch(/has_password\s+│ true/);
    expect(shown).not.toContain('whsec_');
    const text = await run(`endpoints create ${receiver.url} --app ${key.applicationId}`);
    expect(text).toMatch(/whsec_[\s\S]*Keep the signing secret/);
  });

  it('list them, of one application or in one state, in a table that fits', async () => {
    const { id } = await create();
    await run(`endpoints pause ${id}`);
    const table = await run(`endpoints list --app ${key.applicationId}`);
    expect(table).toContain(id);
    expect(table).toMatch(/LMS .*paused/);
    expect(await json<Endpoint>(`endpoints list --app ${key.applicationId} --state active`)).toEqual([]);
    expect(await run('endpoints list', `${key.id}:${key.secret}`)).toContain(id);
  });

  it('update, pause, resume, rotate a secret and delete', async () => {
    const { id, signing_secret: former } = await create(' --rate 7');
    expect(await json<Endpoint>(`endpoints update ${id} --rate none --url ${receiver.url}/new`)).toMatchObject([
      { requests_per_second: null, url: `${receiver.url}/new`, name: 'LMS' },
    ]);
    expect(await json<Endpoint>(`endpoints pause ${id}`)).toMatchObject([{ state: 'paused' }]);
    expect(await json<Endpoint>(`endpoints resume ${id}`)).toMatchObject([{ state: 'active' }]);
    const rotated = await run(`endpoints rotate-secret ${id} --overlap 60`);
    expect(rotated).toContain('whsec_');
    expect(rotated).not.toContain(former);
    expect(await run(`endpoints delete ${id}`)).toContain('is deleted');
    await expect(run(`endpoints show ${id}`)).rejects.toThrow(/There is no endpoint/);
  });

  it('test one, and the delivery tells how it was taken', async () => {
    const { id } = await create();
    drains = startDrains(hub.resources);
    const [queued] = await json<Delivery>(`endpoints test ${id} --payload {"n":1} --subject golf`);
    await untilState(hub.resources, queued!.id, 'delivered');
    expect(receiver.received[0]).toMatchObject({ path: '/hook', body: '{"n":1}' });
    const shown = await run(`deliveries show ${queued!.id}`);
    expect(shown).toMatch(/subject\s+│ test\/golf/);
    expect(shown).toMatch(/200\s+│ thanks/);
    const [whole] = await json<DeliveryWithAttempts>(`deliveries show ${queued!.id}`);
    expect(whole).toMatchObject({ state: 'delivered', attempts_made: [{ status: 200 }] });
    await expect(run(`endpoints test ${id} --payload {`)).rejects.toThrow(/not JSON/);
  });
});

describe('hub deliveries', () => {
  /** Deliveries to an endpoint that answers 410, so that the first kills itself and the endpoint is disabled. */
  async function deadDelivery(): Promise<{ endpointId: string; id: string }> {
    receiver.answerWith(status(410));
    const { id: endpointId } = await create();
    const [queued] = await json<Delivery>(`endpoints test ${endpointId} --subject golf`);
    drains = startDrains(hub.resources);
    await untilState(hub.resources, queued!.id, 'dead');
    receiver.answerWith(ok());
    return { endpointId, id: queued!.id };
  }

  it('list what fits the flags, in a table that a person can read', async () => {
    const { endpointId, id } = await deadDelivery();
    const flags = `--endpoint ${endpointId} --state dead --subject test/golf --since 1h --limit 5`;
    const table = await run(`deliveries list ${flags}`);
    expect(table).toContain(id);
    expect(table).toContain('test/golf');
    for (const line of table.trimEnd().split('\n')) expect(line.length).toBeLessThanOrEqual(190);
    expect(await json<Delivery>(`deliveries list ${flags} --app ${key.applicationId}`)).toMatchObject([{ id }]);
    expect(await json<Delivery>(`deliveries list --endpoint ${endpointId} --until 1h`)).toEqual([]);
    expect(await run(`deliveries list --endpoint ${endpointId} --subject tennis`)).toBe('None.\n');
  });

  it('list as many as are wanted', async () => {
    const { id: endpointId } = await create();
    await run(`endpoints pause ${endpointId}`);
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.push((await json<Delivery>(`endpoints test ${endpointId}`))[0]!.id);
    const listed = await json<Delivery>(`deliveries list --endpoint ${endpointId} --limit 2`);
    expect(listed.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
  });

  it('replay one, or the dead since a time, or all to an endpoint since a time', async () => {
    const { endpointId, id } = await deadDelivery();
    await run(`endpoints resume ${endpointId}`);
    expect(await run(`deliveries replay ${id}`)).toMatch(/pending \(replay\)/);
    await untilState(hub.resources, id, 'delivered');
    expect(await run(`deliveries replay --dead --since 1h --app ${key.applicationId}`)).toBe(
      '0 deliveries are replayed.\n',
    );
    expect(await run(`deliveries replay --endpoint ${endpointId} --since 1h`)).toBe('1 delivery is replayed.\n');
    await receiver.waitFor(3);
    await expect(run('deliveries replay --dead')).rejects.toThrow(/--since/);
    await expect(run('deliveries replay --dead --since 1h')).rejects.toThrow(/application_id/);
  });

  it('cancel one, or all that an endpoint waits for', async () => {
    const { id: endpointId } = await create();
    await run(`endpoints pause ${endpointId}`);
    const [first] = await json<Delivery>(`endpoints test ${endpointId}`);
    for (let count = 0; count < 2; count += 1) await run(`endpoints test ${endpointId}`);
    expect(await json<Delivery>(`deliveries cancel ${first!.id}`)).toMatchObject([{ state: 'cancelled' }]);
    expect(JSON.parse(await run(`deliveries cancel --endpoint ${endpointId} --json`))).toEqual({ cancelled: 2 });
    await expect(run(`deliveries cancel ${first!.id}`)).rejects.toThrow(/has ended already/);
  });
});
