import { operations } from '../../src/operations';
import { startHub, type TestHub, type TestKey } from '../support/hub';

interface Call {
  operation: string;
  method: string;
  /** With parameters in braces, below /api/v2. */
  path: string;
}

/** As much of the vendor's client as is needed to see where each of its operations goes; it comes without types. */
interface Vendor {
  ApiClient: new () => { callApi: (path: string, method: string, ...rest: unknown[]) => void };
  CourseApi: new (client: object) => Record<string, (...args: unknown[]) => unknown>;
}

/** Every operation of the vendor's client, as the client itself calls it. */
function vendorCalls(): Call[] {
  const vendor = jest.requireActual<Vendor>('@rusticisoftware/scormcloud-api-v2-client-javascript');
  const client = new vendor.ApiClient();
  const calls: Call[] = [];
  const api = new vendor.CourseApi(client);
  const names = Object.keys(api).filter((name) => typeof api[name] === 'function');
  for (const operation of names) {
    client.callApi = (path, method) => calls.push({ operation, method, path });
    // More arguments than any operation takes: what is required is there, whatever it is.
    api[operation]!('a', 1, 'b', 'c', 'd', () => undefined);
  }
  return calls;
}

const calls = vendorCalls();

let hub: TestHub;
let key: TestKey;
beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
});
afterAll(() => hub.close());

const urlOf = ({ path }: Call, values: Record<string, string> = {}): string =>
  `/api/v2${path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? (name === 'versionId' ? '0' : 'nobody')))}`;

/** A body that the operation takes, so that only what the test is about is wrong. */
const bodies: Record<string, object> = {
  setCourseTitle: { title: 'x' },
  putCourseTags: { tags: ['x'] },
  deleteCourseTags: { tags: ['x'] },
  putCourseTagsBatch: { ids: ['nobody'], tags: ['x'] },
  setCourseConfiguration: { settings: [{ settingId: 'PlayerShowNavBar', value: 'YES' }] },
  setCourseVersionConfiguration: { settings: [{ settingId: 'PlayerShowNavBar', value: 'YES' }] },
  buildCoursePreviewLaunchLink: {},
  buildCoursePreviewLaunchLinkWithVersion: {},
  importCourseAssetFile: { destination: 'a.txt', fetchUrl: 'https://example.com/a.txt' },
  importCourseVersionAssetFile: { destination: 'a.txt', fetchUrl: 'https://example.com/a.txt' },
};

function send(call: Call, headers: Record<string, string>, values?: Record<string, string>): Promise<Response> {
  const isUpload = call.path.endsWith('/upload');
  const form = new FormData();
  form.append('destination', 'a.txt');
  form.append('file', new Blob(['hello']), 'a.txt');
  const body = isUpload ? form : bodies[call.operation] && JSON.stringify(bodies[call.operation]);
  return hub.fetch(`${urlOf(call, { settingId: 'PlayerShowNavBar', ...values })}?relativePath=a.txt&courseId=x`, {
    method: call.method,
    // The client says so even where there is no body.
    headers: { accept: 'application/json', ...(isUpload ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body }),
  });
}

describe('every operation of the vendor’s client', () => {
  it('is served under its own id, method and path', () => {
    expect(calls.length).toBeGreaterThanOrEqual(37);
    const served = operations
      .filter(({ path }) => path.startsWith('/api/v2/courses'))
      .map(({ id, method, path }) => `${id} ${method.toUpperCase()} ${path.replace('/api/v2', '')}`);
    expect(served.toSorted()).toEqual(
      calls.map(({ operation, method, path }) => `${operation} ${method} ${path}`).toSorted(),
    );
  });

  it.each(calls)('$operation without credentials is 401 in SCORM Cloud’s words', async (call) => {
    const answer = await send(call, {});
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ message: expect.any(String), error: expect.any(String) });
  });

  const ofACourse = calls.filter(({ path }) => path.includes('{courseId}'));
  it.each(ofACourse)('$operation of a course that is not there is 404 that names it', async (call) => {
    const answer = await send(call, { authorization: key.basic }, { courseId: 'no such/course' });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({ message: expect.stringContaining('no such/course') });
  });

  const ofAVersion = calls.filter(({ path }) => path.includes('{versionId}'));
  it.each(ofAVersion)('$operation of a version that is no number is 400 that names the parameter', async (call) => {
    const answer = await send(call, { authorization: key.basic }, { versionId: 'one' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ message: expect.stringContaining('versionId') });
  });

  const withBody = calls.filter(({ operation }) => bodies[operation]);
  it.each(withBody)('$operation with a body that is not JSON is 400', async (call) => {
    const answer = await hub.fetch(urlOf(call, { settingId: 'x' }), {
      method: call.method,
      key,
      headers: { 'content-type': 'application/json' },
      body: '{"a": ',
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ message: expect.stringContaining('JSON') });
  });
});
