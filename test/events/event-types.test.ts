import { eventOf, eventStore } from '../support/events';
import { startHub, type TestHub } from '../support/hub';

let hub: TestHub;
let admin: ReturnType<typeof eventStore>;
let store: ReturnType<typeof eventStore>;

beforeAll(async () => {
  hub = await startHub({ env: { EVENT_TYPES_UNKNOWN: 'refuse' } });
  admin = eventStore(hub, await hub.adminKey());
  store = eventStore(hub, await hub.newKey({ programs: ['FOO'] }));
});
afterAll(() => hub.close());

const putType = (type: string, body: object) => admin.call('PUT', `/hub/v1/event-types/${type}`, body);
const put = (type: string, data: object = {}) =>
  store.put('FOO-1', eventOf('FOO', { EventType: type, EventData: data }));

describe('event types', () => {
  it('are seeded with the known ones and the hub’s own', async () => {
    const answer = await store.call('GET', '/hub/v1/event-types');
    const { event_types } = (await answer.json()) as { event_types: { type: string }[] };
    expect(event_types).toHaveLength(26);
    expect(event_types.map(({ type }) => type)).toEqual(expect.arrayContaining(['LPI_REOPENED', 'HUB_SCORES_CHANGED']));
  });

  it('that are unknown are refused where the hub says so, until they are added', async () => {
    const answer = await put('MINE');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'event_type_unknown', errors: [{ path: 'EventType' }] });
    expect((await putType('MINE', {})).status).toBe(200);
    expect((await put('MINE')).status).toBe(200);
    expect((await admin.call('DELETE', '/hub/v1/event-types/MINE')).status).toBe(204);
    expect((await admin.call('DELETE', '/hub/v1/event-types/MINE')).status).toBe(404);
    expect((await put('MINE')).status).toBe(400);
  });

  it('are changed by administrators alone', async () => {
    expect((await store.call('PUT', '/hub/v1/event-types/X', {})).status).toBe(403);
    expect((await store.call('DELETE', '/hub/v1/event-types/AI_STARTED')).status).toBe(403);
  });

  it('hold EventData to their schema, and the error names the path', async () => {
    const schema = {
      type: 'object',
      required: ['score'],
      properties: { score: { $ref: '#/$defs/score' }, code: { type: 'string', pattern: '^[A-Z]{2,5}$' } },
      $defs: { score: { type: 'number', maximum: 1 } },
      additionalProperties: false,
    };
    const answer = await putType('SCORED', { description: 'With a score', schema });
    expect(await answer.json()).toMatchObject({ type: 'SCORED', description: 'With a score', schema });
    expect((await put('SCORED', { score: 0.5, code: 'ABC' })).status).toBe(200);
    const path = async (data: object) =>
      ((await (await put('SCORED', data)).json()) as { errors: { path: string }[] }).errors[0]?.path;
    expect(await path({ score: 2 })).toBe('EventData.score');
    expect(await path({})).toBe('EventData.score');
    expect(await path({ score: 1, x: 1 })).toBe('EventData.x');
    expect(await path({ score: 1, code: 'x'.repeat(5000) })).toBe('EventData.code');
    await putType('SCORED', { schema: null });
    expect((await put('SCORED', {})).status).toBe(200);
  });

  const doubled = Object.fromEntries(
    Array.from({ length: 30 }, (_, n) => [
      `d${n}`,
      { allOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
    ]),
  );
  it.each([
    ['a remote reference', { $ref: 'https://example.com/schema.json' }],
    ['a reference to nothing', { $ref: '#/$defs/x' }],
    ['a reference to itself', { $defs: { x: { items: { $ref: '#/$defs/x' } } }, $ref: '#/$defs/x' }],
    ['references that double', { $defs: { ...doubled, d30: {} }, $ref: '#/$defs/d0' }],
    ['a name of its own', { $id: 'https://example.com/x' }],
    ['an unknown dialect', { $schema: 'https://example.com/dialect' }],
    ['a repeated group', { properties: { x: { pattern: '^(a+)+$' } } }],
    ['a repeated alternative', { properties: { x: { pattern: '^(a|aa)*$' } } }],
    ['repetitions in a row', { properties: { x: { pattern: 'a*a*a*b' } } }],
    ['a back reference', { properties: { x: { pattern: '(a)\\1' } } }],
    ['a look-ahead', { patternProperties: { '(?=a)': {} } }],
    ['a long pattern', { pattern: 'a'.repeat(201) }],
    ['a pattern that is none', { pattern: '[' }],
    ['uniqueItems without a limit', { items: { uniqueItems: true } }],
    ['a type that is none', { type: 'thing' }],
    ['a megabyte', { description: 'x'.repeat(70_000) }],
    ['depth without end', JSON.parse(`${'{"not":'.repeat(60)}{}${'}'.repeat(60)}`) as object],
  ])('do not take a schema with %s', async (_, schema) => {
    const answer = await putType('HOSTILE', { schema });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ path: 'schema' }] });
  });
});
