import { randomUUID } from 'node:crypto';
import { listLinkedStatements } from '../../src/statements/linked-statements.store';
import { keyOf } from '../../src/statements/statement-keys.rules';
import { makeMonthsAhead } from '../../src/statements/statement-months';
import { storeStatements } from '../../src/statements/store-statements';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { type Json, newAgent, newIri, reference, statement, voiding, xapiApi, type XapiApi } from '../support/xapi';

let hub: TestHub;
let key: TestKey;
let xapi: XapiApi;
beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
  xapi = xapiApi(hub, key);
});
afterAll(() => hub.close());

const page = { limit: 100, maxBytes: 1_000_000 };
const idsOf = (rows: readonly { data: string }[]): unknown[] =>
  rows.map(({ data }) => (JSON.parse(data) as Json)['id']);

describe('storeStatements, without HTTP', () => {
  it('takes an authority and a link, by which statements are listed', async () => {
    const { applicationId } = key;
    const [authority, link] = [newAgent(), `launch ${randomUUID()}`];
    const ids = await storeStatements([statement(), statement()], { applicationId, authority, link }, hub.resources);
    await storeStatements(statement(), { applicationId, link: 'another' }, hub.resources);
    const filter = { applicationId, links: [keyOf(applicationId, 'link', link)] };
    const { rows } = await listLinkedStatements(hub.resources.db, filter, page);
    expect(idsOf(rows)).toEqual(ids.toReversed());
    expect((await xapi.find(ids[0]!))['authority']).toEqual(authority);
  });

  it.each<[string, unknown]>([
    ['invalid', { actor: newAgent() }],
    ['invalid', statement({ context: { extensions: { 'http://a.example/e': 'a\u0000b' } } })],
    ['invalid', 'x'],
    ['too-large', Array.from({ length: 1001 }, () => statement())],
  ])('throws %s', async (kind, statements) => {
    const { applicationId } = key;
    await expect(storeStatements(statements, { applicationId }, hub.resources)).rejects.toMatchObject({ kind });
  });
});

describe('many at once', () => {
  it('one id is stored once, and the others are told', async () => {
    const id = randomUUID();
    const [one, other] = [statement({ id }), statement({ id })];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        xapi.call('/statements', { method: 'POST', body: index % 2 ? one : other }),
      ),
    );
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    expect(statuses.filter((status) => status === 409)).toHaveLength(10);
  });

  it('a refused request does not take the others with it', async () => {
    const [taken] = await xapi.post(statement());
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        xapi.call('/statements', {
          method: 'POST',
          body: index % 3 === 0 ? [statement(), statement({ id: taken })] : statement(),
        }),
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual(answers.map((_, index) => (index % 3 === 0 ? 409 : 200)));
  });

  it('a follower by stored misses none of what many write', async () => {
    const verb = { id: newIri('verb') };
    let isWriting = true;
    const seen: unknown[] = [];
    const follow = async (): Promise<void> => {
      let since = '2026-01-01T00:00:00Z';
      for (let isLast = false; ; isLast = !isWriting) {
        const { statements } = await xapi.list({ verb: verb.id, ascending: 'true', since });
        seen.push(...statements.map(({ id }) => id));
        since = (statements.at(-1)?.['stored'] as string | undefined) ?? since;
        if (isLast && statements.length === 0) return;
      }
    };
    const following = follow();
    const write = async (): Promise<string[]> => {
      const ids: string[] = [];
      for (let turn = 0; turn < 15; turn += 1)
        ids.push(...(await xapi.post([statement({ verb }), statement({ verb })])));
      return ids;
    };
    const written = (await Promise.all(Array.from({ length: 8 }, write))).flat();
    isWriting = false;
    await following;
    expect(seen).toHaveLength(written.length);
    expect(new Set(seen)).toEqual(new Set(written));
  });

  it('statements that refer to each other find one another, in whatever batch they come', async () => {
    const verb = { id: newIri('verb') };
    const ids = Array.from({ length: 6 }, () => randomUUID());
    await Promise.all(
      ids.map((id, index) =>
        xapi.post(index === 0 ? statement({ id, verb }) : statement({ id, object: reference(ids[index - 1]!) })),
      ),
    );
    const { statements } = await xapi.list({ verb: verb.id });
    expect(new Set(statements.map(({ id }) => id))).toEqual(new Set(ids));
  });

  it('references in a circle end', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    await xapi.post([statement({ id: a, object: reference(b) }), statement({ id: b, object: reference(a) })]);
    const [first, second] = [await xapi.find(a), await xapi.find(b)];
    const byActor = async ({ actor }: Json) =>
      (await xapi.list({ agent: JSON.stringify(actor) })).statements.map(({ id }) => id);
    expect(await byActor(first)).toEqual([b, a]);
    expect(await byActor(second)).toEqual([b, a]);
  });

  it('a batch may void its own', async () => {
    const id = randomUUID();
    await xapi.post([statement({ id }), voiding(id)]);
    expect((await xapi.call('/statements', { query: { voidedStatementId: id } })).status).toBe(200);
  });
});

describe('partitions', () => {
  it('take over what the default one has taken in, once, however many ask', async () => {
    const { db } = hub.resources;
    const id = (await xapi.post(statement()))[0]!;
    const soon = new Date(Date.UTC(new Date().getUTCFullYear() + 1, 5, 15));
    await db.raw(
      'update statements set position = ?, match = ? where position = (select position from statement_ids where statement_id = ?)',
      [soon.getTime() * 1000, soon.getTime() * 1000, id],
    );
    await db.raw('update statement_ids set position = ? where statement_id = ?', [soon.getTime() * 1000, id]);
    const strays = async () => Number((await db('statements_default').count({ n: '*' }))[0]!['n']);
    expect(await strays()).toBe(1);
    await Promise.all(Array.from({ length: 4 }, () => makeMonthsAhead(db, soon)));
    expect(await strays()).toBe(0);
    expect((await xapi.find(id))['id']).toBe(id);
  });
});
