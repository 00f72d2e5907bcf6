import { createKey } from '../../src/applications/create-key';
import type { Scope } from '../../src/applications/caller';
import type { Operation } from '../../src/http/operation';
import { operations } from '../../src/operations';
import { startHub, type TestHub } from '../support/hub';
import { bearerOf } from '../support/tokens';

const read: readonly Scope[] = ['read', 'read:course'];
const write: readonly Scope[] = ['write', 'write:course'];
const remove: readonly Scope[] = ['delete', 'delete:course'];

/** The "Authentication" tables of the Course Service's document; for assets it has none, there what they do decides. */
const documented: Readonly<Record<string, readonly Scope[]>> = {
  buildCoursePreviewLaunchLink: read,
  buildCoursePreviewLaunchLinkWithVersion: read,
  createFetchAndImportCourseJob: write,
  createNoUploadAndImportCourseJob: write,
  createUploadAndImportCourseJob: write,
  deleteCourse: remove,
  deleteCourseConfigurationSetting: write,
  deleteCourseTags: write,
  deleteCourseVersion: remove,
  deleteCourseVersionConfigurationSetting: write,
  getCourse: read,
  getCourseConfiguration: read,
  getCourseStatements: read,
  getCourseTags: read,
  getCourseVersionConfiguration: read,
  getCourseVersionInfo: read,
  getCourseVersionStatements: read,
  getCourseVersions: read,
  getCourses: read,
  getImportJobStatus: read,
  putCourseTags: write,
  putCourseTagsBatch: write,
  setCourseConfiguration: write,
  setCourseTitle: write,
  setCourseVersionConfiguration: write,
  importCourseAssetFile: write,
  importCourseVersionAssetFile: write,
  uploadCourseAssetFile: write,
  uploadCourseVersionAssetFile: write,
  deleteCourseAsset: write,
  deleteCourseVersionAsset: write,
  getCourseAsset: read,
  getCourseVersionAsset: read,
  getCourseFileList: read,
  getCourseVersionFileList: read,
  getCourseZip: read,
  getVersionedCourseZip: read,
};

const courseScopes: readonly Scope[] = [...read, ...write, ...remove, 'read:hub', 'write:hub'];
const served = operations.filter(({ path }) => path.startsWith('/api/v2/courses'));

let hub: TestHub;
/** Authorization headers by scope: of a key with it alone, and of a token with it alone. */
const keys = new Map<Scope, string>();
const tokens = new Map<Scope, string>();

beforeAll(async () => {
  hub = await startHub();
  const { applicationId, ...all } = await hub.newKey({ scopes: [...courseScopes] });
  for (const scope of courseScopes) {
    const { key, secret } = await createKey({ applicationId, scopes: [scope] }, hub.resources);
    keys.set(scope, `Basic ${btoa(`${key.id}:${secret}`)}`);
    tokens.set(scope, await bearerOf(hub, all.basic, scope));
  }
});
afterAll(() => hub.close());

/** For a course that is not there: who may call it gets another answer than 401 and 403. */
function call({ method, path }: Operation, authorization: string): Promise<Response> {
  const target = path.replace('{versionId}', '0').replace(/\{\w+\}/g, 'none');
  return hub.fetch(target, { method: method.toUpperCase(), key: authorization });
}

/** The scopes with which an operation is open, of those that were tried one by one; a refusal names what would do. */
async function openWith(operation: Operation, credentials: ReadonlyMap<Scope, string>): Promise<Scope[]> {
  const open: Scope[] = [];
  for (const [scope, authorization] of credentials) {
    const answer = await call(operation, authorization);
    expect(answer.status).not.toBe(401);
    if (answer.status !== 403) {
      open.push(scope);
      await answer.body?.cancel();
      continue;
    }
    const { message } = (await answer.json()) as { message: string };
    for (const needed of documented[operation.id]!) expect(message).toContain(needed);
  }
  return open;
}

describe.each(served.map((operation) => [operation.id, operation] as const))('%s', (id, operation) => {
  it('is open to keys with one of the documented scopes, and to no other', async () => {
    expect((await openWith(operation, keys)).sort()).toEqual([...(documented[id] ?? [])].sort());
  });

  it('is open to tokens likewise', async () => {
    expect((await openWith(operation, tokens)).sort()).toEqual([...(documented[id] ?? [])].sort());
  });
});

describe('operations', () => {
  it('name the scopes they need, but for those that give tokens and what anybody may ask', () => {
    const open = operations.filter(({ scopes }) => scopes.length === 0);
    const ways = Object.fromEntries(open.map(({ id, credentials }) => [id, credentials]));
    expect(ways).toEqual({ createToken: 'client', getAppToken: 'client', getXapiAbout: 'none' });
  });

  it('are described with both ways in and their scopes', async () => {
    const document = (await (await hub.fetch('/openapi.json')).json()) as {
      paths: Record<string, Record<string, { security: object[] }>>;
      components: { securitySchemes: Record<string, { flows?: { clientCredentials: { tokenUrl: string } } }> };
    };
    const { basic, oauth2 } = document.components.securitySchemes;
    expect(basic).toMatchObject({ type: 'http', scheme: 'basic' });
    expect(oauth2?.flows?.clientCredentials.tokenUrl).toBe(`${hub.url}/oauth/token`);
    const { security } = document.paths['/api/v2/courses']!['get']!;
    expect(security).toEqual([{ basic: [] }, { oauth2: ['read'] }, { oauth2: ['read:course'] }]);
    expect(document.paths['/oauth/token']!['post']!.security).toEqual([{ basic: [] }]);
  });
});
