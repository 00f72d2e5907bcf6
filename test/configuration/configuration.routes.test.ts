import { v7 as uuid } from 'uuid';
import { catalogue } from '../../src/configuration/catalogue';
import type { SettingItem } from '../../src/configuration/configuration.schemas';
import { findConfiguredCourse, upsertSettings } from '../../src/configuration/configuration.store';
import { effectiveConfiguration } from '../../src/configuration/effective-configuration';
import { setConfiguration } from '../../src/configuration/set-configuration';
import { addVersionNumber, insertCourse, insertVersion, lockCourse } from '../../src/courses/courses.store';
import { removeCourse } from '../../src/courses/delete-course';
import type { LearningStandard } from '../../src/courses/packages/package';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { type CallCourseApi, courseApi } from '../support/scorm-cloud';

let hub: TestHub;
let key: TestKey;
let call: CallCourseApi;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
beforeEach(async () => {
  key = await hub.newKey();
  call = courseApi(hub, key);
});

/** A course with a version of each standard; what is in them does not matter here. */
async function newCourse(courseId: string, ...standards: LearningStandard[]): Promise<string> {
  const id = uuid();
  await hub.resources.db.transaction(async (tx) => {
    await insertCourse(tx, {
      id,
      application_id: key.applicationId,
      course_id: courseId,
      title: 'A course',
      tags: [],
    });
    for (const [version, standard] of standards.entries()) {
      if (version > 0) {
        const course = await lockCourse(tx, key.applicationId, courseId);
        await addVersionNumber(tx, course!, { title: 'A course', tags: null });
      }
      await insertVersion(
        tx,
        {
          id: uuid(),
          course_id: id,
          version,
          title: 'A course',
          learning_standard: standard,
          xapi_activity_id: 'https://example.com/course',
          identifier: 'course',
          metadata: { title: 'A course', keywords: [] },
          languages: [],
          structure: {
            launchHref: 'index.html',
            sequenced: false,
            rootActivity: { identifier: 'root', type: 'SCO', title: 'A course', children: [] },
            parserWarnings: [],
          },
        },
        { package_key: null, file_key: null, file_name: null, file_type: null },
      );
    }
  });
  return id;
}

interface SettingList {
  settingItems: (SettingItem & { metadata: Record<string, unknown> })[];
}
const settings = (values: Record<string, string>) => ({
  settings: Object.entries(values).map(([settingId, value]) => ({ settingId, value })),
});
const itemOf = ({ settingItems }: SettingList, id: string) => {
  const item = settingItems.find((candidate) => candidate.id === id);
  return item === undefined ? undefined : (JSON.parse(JSON.stringify(item)) as SettingItem);
};
const courseItem = async (courseId: string, id: string) =>
  itemOf((await call<SettingList>('getCourseConfiguration', courseId, {})).data, id);
const versionItem = async (courseId: string, version: number, id: string) =>
  itemOf((await call<SettingList>('getCourseVersionConfiguration', courseId, version, {})).data, id);
const hubConfiguration = (method: string, target: string, body?: unknown, caller: TestKey | string = key) =>
  hub.fetch(`/hub/v1/configuration${target}`, {
    method,
    key: caller,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
const applicationItem = async (id: string, query = '') =>
  itemOf((await (await hubConfiguration('GET', query)).json()) as SettingList, id);

describe('a course’s configuration', () => {
  it('lists the settings of its learning standard with their defaults', async () => {
    await newCourse('a/b é', 'SCORM12');
    const { status, data } = await call<SettingList>('getCourseConfiguration', 'a/b é', {});
    expect(status).toBe(200);
    expect(itemOf(data, 'PlayerShowCourseStructure')).toEqual({
      id: 'PlayerShowCourseStructure',
      effectiveValue: 'YES',
      effectiveValueSource: 'default',
    });
    const expected = catalogue.filter(({ learningStandards: only }) => only?.includes('SCORM12') ?? true);
    expect(data.settingItems.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    expect(itemOf(data, 'PlayerScaleRawScore')).toBeUndefined();
  });

  it('shows what was set, from the course, in the catalogue’s spelling; clearing falls back', async () => {
    await newCourse('set', 'SCORM12');
    const body = settings({ PlayerShowNavBar: 'false', PlayerDesiredWidth: '0800', PlayerLaunchType: 'NEW_WINDOW' });
    expect((await call('setCourseConfiguration', 'set', body)).status).toBe(204);
    const own = { effectiveValueSource: 'course' };
    expect(await courseItem('set', 'PlayerShowNavBar')).toMatchObject({
      ...own,
      effectiveValue: 'NO',
      explicitValue: 'NO',
    });
    expect(await courseItem('set', 'PlayerDesiredWidth')).toMatchObject({ ...own, effectiveValue: '800' });
    expect((await call('deleteCourseConfigurationSetting', 'set', 'PlayerShowNavBar')).status).toBe(204);
    expect(await courseItem('set', 'PlayerShowNavBar')).toEqual({
      id: 'PlayerShowNavBar',
      effectiveValue: 'YES',
      effectiveValueSource: 'default',
    });
    expect(await courseItem('set', 'PlayerLaunchType')).toMatchObject({ effectiveValue: 'NEW_WINDOW' });
  });

  it('takes a value anew, an empty list, and the member explicit that some clients send', async () => {
    await newCourse('again', 'SCORM12');
    for (const value of ['10', '20']) {
      const body = { settings: [{ settingId: 'PlayerDesiredWidth', value, explicit: false }] };
      expect((await call('setCourseConfiguration', 'again', body)).status).toBe(204);
    }
    expect((await call('setCourseConfiguration', 'again', { settings: [] })).status).toBe(204);
    expect(await courseItem('again', 'PlayerDesiredWidth')).toMatchObject({ explicitValue: '20' });
  });

  it('explains each setting with includeMetadata', async () => {
    await newCourse('metadata', 'SCORM12');
    const { data } = await call<SettingList>('getCourseConfiguration', 'metadata', { includeMetadata: true });
    // The client calls the member `default` by another name.
    expect(data.settingItems.find(({ id }) => id === 'PlayerLaunchType')?.metadata).toMatchObject({
      _default: 'FRAMESET',
      dataType: 'Enum.LaunchTypeValue',
      settingDescription: 'Where the player opens.',
      level: 'course',
      learningStandardVariant: 'either',
      validValues: expect.arrayContaining([
        { value: 'NEW_WINDOW', valueDescription: 'In a window of its own.' },
      ]) as unknown,
    });
    const structure = data.settingItems.find(({ id }) => id === 'PlayerShowCourseStructure');
    expect(structure?.metadata['learningStandards']).toContain('SCORM12');
  });

  it('takes a setting that its standard does not know, and shows it until it is cleared', async () => {
    await newCourse('odd', 'XAPI');
    expect(await courseItem('odd', 'PlayerShowCourseStructure')).toBeUndefined();
    await call('setCourseConfiguration', 'odd', settings({ PlayerShowCourseStructure: 'NO' }));
    expect(await courseItem('odd', 'PlayerShowCourseStructure')).toMatchObject({ explicitValue: 'NO' });
    await call('deleteCourseConfigurationSetting', 'odd', 'PlayerShowCourseStructure');
    expect(await courseItem('odd', 'PlayerShowCourseStructure')).toBeUndefined();
  });

  it.each([
    ['an unknown setting', 'Nonsense', '1'],
    ['a wrong type', 'PlayerDesiredWidth', 'wide'],
    ['a wrong value', 'PlayerLaunchType', 'POPUP'],
  ])('refuses %s by its name, and applies nothing of the list', async (_, id, value) => {
    await newCourse('refused', 'SCORM12');
    const { status, error } = await call(
      'setCourseConfiguration',
      'refused',
      settings({ PlayerShowHelp: 'YES', [id]: value }),
    );
    expect(status).toBe(400);
    expect(error?.message).toContain(id);
    expect(await courseItem('refused', 'PlayerShowHelp')).not.toHaveProperty('explicitValue');
  });

  it.each([
    ['no list', {}, 'settings'],
    ['a value that is no text', { settings: [{ settingId: 'PlayerShowHelp', value: true }] }, 'settings.0.value'],
    ['no value', { settings: [{ settingId: 'PlayerShowHelp' }] }, 'settings.0.value'],
    [
      'a value without end',
      { settings: [{ settingId: 'RedirectOnExitUrl', value: 'x'.repeat(10_001) }] },
      'settings.0.value',
    ],
    [
      'a list without end',
      { settings: Array.from({ length: 148 }, (_, i) => ({ settingId: `${i}`, value: '' })) },
      'settings',
    ],
    [
      'a setting twice',
      { settings: ['YES', 'NO'].map((value) => ({ settingId: 'PlayerShowHelp', value })) },
      'PlayerShowHelp',
    ],
  ])('refuses %s', async (_, body, named) => {
    await newCourse('malformed', 'SCORM12');
    const { status, error } = await call('setCourseConfiguration', 'malformed', body);
    expect(status).toBe(400);
    expect(error?.message).toContain(named);
  });

  it('is cleared without complaint where nothing was set; an unknown setting is 400', async () => {
    await newCourse('clear', 'SCORM12');
    expect((await call('deleteCourseConfigurationSetting', 'clear', 'PlayerShowHelp')).status).toBe(204);
    const { status, error } = await call('deleteCourseConfigurationSetting', 'clear', 'Nonsense');
    expect(status).toBe(400);
    expect(error?.message).toContain('Nonsense');
  });

  it('keeps what many requests set at once, each setting its own and one they share', async () => {
    await newCourse('busy', 'SCORM12');
    const ids = catalogue.filter(({ dataType }) => dataType === 'bool').map(({ id }) => id);
    const answers = await Promise.all(
      ids.map((id, i) => {
        const shared = { PlayerDesiredWidth: `${i}`, [id]: 'false', PlayerDesiredHeight: `${i}` };
        const entries = Object.entries(shared);
        return call(
          'setCourseConfiguration',
          'busy',
          settings(Object.fromEntries(i % 2 ? entries : entries.reverse())),
        );
      }),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    const { data } = await call<SettingList>('getCourseConfiguration', 'busy', {});
    const own = data.settingItems.filter(({ explicitValue }) => explicitValue !== undefined).map(({ id }) => id);
    expect(own.sort()).toEqual([...ids, 'PlayerDesiredHeight', 'PlayerDesiredWidth'].sort());
    // Each request set both to one number, so that a torn list would show.
    expect(itemOf(data, 'PlayerDesiredWidth')?.explicitValue).toBe(itemOf(data, 'PlayerDesiredHeight')?.explicitValue);
  });
});

describe('a version’s configuration', () => {
  it('inherits the course’s, overrides it for itself alone, and falls back', async () => {
    await newCourse('versions', 'SCORM12', 'SCORM12');
    await call('setCourseConfiguration', 'versions', settings({ PlayerDesiredWidth: '1' }));
    expect(await versionItem('versions', 0, 'PlayerDesiredWidth')).toEqual({
      id: 'PlayerDesiredWidth',
      effectiveValue: '1',
      effectiveValueSource: 'course',
    });
    const body = settings({ PlayerDesiredWidth: '2' });
    expect((await call('setCourseVersionConfiguration', 'versions', 0, body)).status).toBe(204);
    expect(await versionItem('versions', 0, 'PlayerDesiredWidth')).toEqual({
      id: 'PlayerDesiredWidth',
      effectiveValue: '2',
      effectiveValueSource: 'course',
      explicitValue: '2',
    });
    expect(await versionItem('versions', 1, 'PlayerDesiredWidth')).toMatchObject({ effectiveValue: '1' });
    expect(await courseItem('versions', 'PlayerDesiredWidth')).toMatchObject({ effectiveValue: '1' });
    const cleared = await call('deleteCourseVersionConfigurationSetting', 'versions', 0, 'PlayerDesiredWidth');
    expect(cleared.status).toBe(204);
    expect(await versionItem('versions', 0, 'PlayerDesiredWidth')).toMatchObject({ effectiveValue: '1' });
  });

  it('lists by its own standard, the course by its newest version’s', async () => {
    await newCourse('upgraded', 'SCORM12', 'SCORM20044THEDITION');
    expect(await versionItem('upgraded', 0, 'PlayerScaleRawScore')).toBeUndefined();
    expect(await versionItem('upgraded', 1, 'PlayerScaleRawScore')).toBeDefined();
    expect(await courseItem('upgraded', 'PlayerScaleRawScore')).toBeDefined();
  });

  it.each(['2', '-1', 'one', '99999999999'])('of a version %s that is not there is refused', async (version) => {
    await newCourse('few', 'SCORM12', 'SCORM12');
    const { status } = await call('getCourseVersionConfiguration', 'few', version, {});
    expect(status).toBe(version === '2' ? 404 : 400);
  });
});

describe('an application’s configuration', () => {
  it('is every setting, and reaches its courses; that of a standard goes before it, the course’s before both', async () => {
    await newCourse('inherits', 'SCORM12');
    await newCourse('another', 'AICC');
    const first = (await (await hubConfiguration('GET', '')).json()) as SettingList;
    expect(first.settingItems).toHaveLength(147);
    expect((await hubConfiguration('POST', '', settings({ PlayerDesiredWidth: '1' }))).status).toBe(204);
    const own = { id: 'PlayerDesiredWidth', effectiveValue: '1', effectiveValueSource: 'application' };
    expect(await applicationItem('PlayerDesiredWidth')).toEqual({ ...own, explicitValue: '1' });
    expect(await applicationItem('PlayerDesiredWidth', '?learningStandard=SCORM12')).toEqual(own);
    expect(await courseItem('inherits', 'PlayerDesiredWidth')).toEqual(own);

    const ofStandard = {
      id: 'PlayerDesiredWidth',
      effectiveValue: '2',
      effectiveValueSource: 'learningStandardForApplication',
    };
    const body = settings({ PlayerDesiredWidth: '2' });
    expect((await hubConfiguration('POST', '?learningStandard=SCORM12', body)).status).toBe(204);
    expect(await applicationItem('PlayerDesiredWidth', '?learningStandard=SCORM12')).toEqual({
      ...ofStandard,
      explicitValue: '2',
    });
    expect(await courseItem('inherits', 'PlayerDesiredWidth')).toEqual(ofStandard);
    expect(await courseItem('another', 'PlayerDesiredWidth')).toEqual(own);
    expect(await applicationItem('PlayerDesiredWidth')).toEqual({ ...own, explicitValue: '1' });

    await call('setCourseConfiguration', 'inherits', settings({ PlayerDesiredWidth: '3' }));
    expect(await courseItem('inherits', 'PlayerDesiredWidth')).toMatchObject({ effectiveValueSource: 'course' });
    await call('deleteCourseConfigurationSetting', 'inherits', 'PlayerDesiredWidth');
    await hubConfiguration('DELETE', '/PlayerDesiredWidth?learningStandard=SCORM12');
    expect(await courseItem('inherits', 'PlayerDesiredWidth')).toEqual(own);
    expect((await hubConfiguration('DELETE', '/PlayerDesiredWidth')).status).toBe(204);
    expect(await courseItem('inherits', 'PlayerDesiredWidth')).toMatchObject({ effectiveValueSource: 'default' });
  });

  it('is listed with metadata, under its own name for the default', async () => {
    const answer = await hubConfiguration('GET', '?includeMetadata=true&learningStandard=XAPI');
    const { settingItems } = (await answer.json()) as SettingList;
    expect(settingItems.find(({ id }) => id === 'UseModernPlayer')?.metadata).toMatchObject({ default: 'true' });
    expect(settingItems.map(({ id }) => id)).not.toContain('PlayerShowCourseStructure');
  });

  it.each([
    ['GET', '?learningStandard=SCORM13', undefined, 'learningStandard'],
    ['GET', '?includeMetadata=maybe', undefined, 'includeMetadata'],
    ['POST', '', settings({ PlayerShowHelp: 'x' }), 'settings.0.value'],
    ['DELETE', '/Nonsense', undefined, 'settingId'],
  ])('refuses %s %s with 400, as problem+json that names it', async (method, target, body, path) => {
    const answer = await hubConfiguration(method, target, body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ errors: [{ path }] });
  });

  it('does not reach another application, and an administrator’s key has none', async () => {
    await hubConfiguration('POST', '', settings({ PlayerDesiredWidth: '1' }));
    const other = await hubConfiguration('GET', '', undefined, await hub.newKey());
    expect(itemOf((await other.json()) as SettingList, 'PlayerDesiredWidth')).toMatchObject({ effectiveValue: '0' });
    expect((await hubConfiguration('GET', '', undefined, await hub.adminKey())).status).toBe(403);
  });
});

describe('who may', () => {
  it.each([
    ['getCourseConfiguration', [{}]],
    ['setCourseConfiguration', [settings({ PlayerShowHelp: 'YES' })]],
    ['deleteCourseConfigurationSetting', ['PlayerShowHelp']],
    ['getCourseVersionConfiguration', [0, {}]],
    ['setCourseVersionConfiguration', [0, settings({ PlayerShowHelp: 'YES' })]],
    ['deleteCourseVersionConfigurationSetting', [0, 'PlayerShowHelp']],
  ])('%s: not another application, which gets 404', async (name, rest) => {
    await newCourse('mine', 'SCORM12');
    const { status, error } = await courseApi(hub, await hub.newKey())(name, 'mine', ...rest);
    expect(status).toBe(404);
    expect(error?.message).toContain('mine');
    expect(await courseItem('mine', 'PlayerShowHelp')).not.toHaveProperty('explicitValue');
  });

  it('needs the document’s scopes, and the hub’s for the application', async () => {
    const reader = await hub.newKey({ scopes: ['read:course', 'read:hub'] });
    const writer = await hub.newKey({ scopes: ['write:course', 'write:hub'] });
    const body = settings({ PlayerShowHelp: 'YES' });
    const status = async (caller: TestKey, name: string, ...rest: unknown[]) =>
      (await courseApi(hub, caller)(name, 'none', ...rest)).status;
    expect(await status(reader, 'getCourseConfiguration', {})).toBe(404);
    expect(await status(reader, 'setCourseConfiguration', body)).toBe(403);
    expect(await status(reader, 'deleteCourseVersionConfigurationSetting', 0, 'PlayerShowHelp')).toBe(403);
    expect(await status(writer, 'getCourseVersionConfiguration', 0, {})).toBe(403);
    expect(await status(writer, 'setCourseVersionConfiguration', 0, body)).toBe(404);
    expect((await hubConfiguration('POST', '', body, reader)).status).toBe(403);
    expect((await hubConfiguration('GET', '', undefined, writer)).status).toBe(403);
    expect((await hubConfiguration('POST', '', body, writer)).status).toBe(204);
  });
});

describe('what a launch goes by', () => {
  it('is the version’s value of every setting that applies, and of no other', async () => {
    await newCourse('launch', 'XAPI');
    await call('setCourseVersionConfiguration', 'launch', 0, settings({ PlayerShowHelp: 'YES', PlayerTimeLimit: '5' }));
    const { db } = hub.resources;
    const configured = await findConfiguredCourse(db, key.applicationId, 'launch', 0);
    const values = await effectiveConfiguration(db, configured!);
    expect(values.get('PlayerShowHelp')).toBe('YES');
    expect(values.get('PlayerShowNavBar')).toBe('YES');
    expect(values.has('PlayerTimeLimit')).toBe(false);
  });
});

describe('deletion', () => {
  const rowsOf = async () =>
    Number((await hub.resources.db('configuration_settings').count<{ count: string }[]>('*'))[0]!.count);

  it('of a version, a course or an application takes its configuration along', async () => {
    const { db } = hub.resources;
    await db('configuration_settings').delete();
    const id = await newCourse('gone', 'SCORM12', 'SCORM12');
    const body = settings({ PlayerShowHelp: 'YES' });
    await call('setCourseVersionConfiguration', 'gone', 0, body);
    await call('setCourseVersionConfiguration', 'gone', 1, body);
    await call('setCourseConfiguration', 'gone', body);
    await hubConfiguration('POST', '', body);
    expect(await rowsOf()).toBe(4);
    await db('course_versions').where({ course_id: id, version: 0 }).delete();
    expect(await rowsOf()).toBe(3);
    await call('deleteCourse', 'gone');
    expect((await call('getCourseConfiguration', 'gone', {})).status).toBe(404);
    await removeCourse(id, hub.resources);
    expect(await rowsOf()).toBe(1);
    await db('outbox').delete();
    await db('applications').where({ id: key.applicationId }).delete();
    expect(await rowsOf()).toBe(0);
  });

  it('in the middle of a request makes it 404, not a fault', async () => {
    const { db } = hub.resources;
    await newCourse('fleeting', 'SCORM12');
    const configured = (await findConfiguredCourse(db, key.applicationId, 'fleeting', 0))!;
    await db('courses').where({ course_id: 'fleeting', application_id: key.applicationId }).delete();
    const wanted = [{ settingId: 'PlayerShowHelp', value: 'YES' }];
    await expect(setConfiguration(db, configured, wanted)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(upsertSettings(db, configured, wanted)).rejects.toMatchObject({ code: '23503' });
  });
});
