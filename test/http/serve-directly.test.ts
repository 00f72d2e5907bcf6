import { request } from 'node:http';
import { eventOf } from '../support/events';
import { startHub, type TestHub, type TestKey } from '../support/hub';

let hub: TestHub;
let key: TestKey;
let reader: TestKey;

beforeAll(async () => {
  hub = await startHub();
  const admin = await hub.adminKey();
  key = await hub.newKey({ scopes: ['read', 'write'], programs: ['STRAIGHT'] });
  reader = await hub.newKey({ scopes: ['read'], applicationId: key.applicationId });
  const answer = await hub.fetch('/hub/v1/event-programs', {
    method: 'POST',
    key: admin,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'STRAIGHT', application_id: key.applicationId }),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
});
afterAll(() => hub.close());

interface Sent {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: unknown;
}

/** Over Node's own client, which changes nothing about the path. */
const send = ({ method, path, headers = {}, body = '' }: Sent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const call = request(`${hub.url}/`, { method, path, headers: { 'x-request-id': 'same', ...headers } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.once('end', () => {
        // Whether the connection lives on depends on how much of a refused body had come.
        const { date: _date, connection: _connection, 'keep-alive': _alive, ...rest } = answer.headers;
        const json = (answer.headers['content-type'] ?? '').includes('json');
        resolve({ status: answer.statusCode!, headers: rest, body: json ? JSON.parse(text) : text });
      });
    });
    call.once('error', reject);
    call.end(body);
  });

const json = { 'content-type': 'application/json' };
const event = JSON.stringify(eventOf('STRAIGHT'));
const envelope = JSON.stringify({
  sensor: 'https://example.edu/sensor',
  sendTime: '2026-01-31T12:00:00.000Z',
  dataVersion: 'http://purl.imsglobal.org/ctx/caliper/v1p2',
  data: [{ id: 'https://example.edu/users/1', type: 'Person' }],
});
const owner = () => ({ ...json, authorization: key.basic });

describe('an operation that goes past the router answers as through it', () => {
  const put = (headers: () => Record<string, string>, body = event, id = 'STRAIGHT-1') => ({
    method: 'PUT',
    path: `/events/${id}`,
    headers,
    body,
  });
  const post = (headers: () => Record<string, string>, body = envelope) => ({
    method: 'POST',
    path: '/caliper/event',
    headers,
    body,
  });
  it.each([
    ['a PUT', 200, put(owner)],
    ['no credentials', 401, put(() => json)],
    ['a wrong secret', 401, put(() => ({ ...json, authorization: `Basic ${btoa(`${key.id}:no`)}` }))],
    ['a token that is none', 401, put(() => ({ ...json, authorization: 'Bearer none' }))],
    ['a scope that is missing', 403, put(() => ({ ...json, authorization: reader.basic }))],
    ['another program', 403, put(owner, JSON.stringify(eventOf('OTHER')), 'OTHER-1')],
    ['JSON that is none', 400, put(owner, '{')],
    ['no body', 400, put(owner, '')],
    ['a member that is missing', 400, put(owner, '{}')],
    ['a media type that is none of JSON', 415, put(() => ({ ...owner(), 'content-type': 'text/plain' }))],
    ['a precondition that fails', 412, put(() => ({ ...owner(), 'if-none-match': '*' }))],
    ['a body that is too large', 413, put(owner, ' '.repeat(1024 * 1024 + 1))],
    ['an envelope', 200, post(owner)],
    ['an envelope without credentials', 401, post(() => json)],
    ['an envelope that is none', 400, post(owner, '{}')],
    ['an envelope of another version', 422, post(owner, envelope.replace('v1p2', 'v9'))],
  ])('%s: %i', async (_, status, { headers, ...sent }) => {
    const direct = await send({ ...sent, headers: headers() });
    // A query, which neither operation has: for the router.
    const routed = await send({ ...sent, headers: headers(), path: `${sent.path}?` });
    expect(direct.status).toBe(status);
    expect(direct).toEqual(routed);
    expect(direct.headers).toMatchObject({ 'x-request-id': 'same', 'x-content-type-options': 'nosniff' });
  });

  it('an id with escapes is the same event, and a broken escape an error', async () => {
    await send({ method: 'PUT', path: '/events/STRAIGHT-e', headers: owner(), body: event });
    const again = await send({ method: 'PUT', path: '/events/STRAIGHT%2De', headers: owner(), body: event });
    expect(again).toMatchObject({ status: 200, headers: { etag: '"1"', location: '/events/STRAIGHT-e' } });
    const broken = await send({ method: 'PUT', path: '/events/STRAIGHT-%E0%A4%A', headers: owner(), body: event });
    expect(broken.status).toBe(400);
  });

  it('is counted', async () => {
    const count = async (): Promise<number> => {
      const text = await (await hub.fetch('/metrics', { key: await hub.adminKey() })).text();
      return Number(/hub_http_requests_total\{operation="putEvent",status="401"\} (\d+)/.exec(text)?.[1] ?? 0);
    };
    const before = await count();
    await send({ method: 'PUT', path: '/events/STRAIGHT-1', headers: json, body: event });
    expect(await count()).toBe(before + 1);
  });

  it('a caller that goes away in the middle of its body breaks nothing', async () => {
    await new Promise<void>((resolve) => {
      const call = request(`${hub.url}/events/STRAIGHT-2`, {
        method: 'PUT',
        headers: { ...owner(), 'content-length': '1000' },
      });
      call.once('error', () => resolve());
      call.write('{"ProgramId":');
      setTimeout(() => call.destroy(), 50);
    });
    const answer = await send({ method: 'PUT', path: '/events/STRAIGHT-2', headers: owner(), body: event });
    expect(answer.status).toBe(200);
  });
});
