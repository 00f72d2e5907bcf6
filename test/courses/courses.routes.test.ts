import { v7 as uuid } from 'uuid';
import { deleteMarkedCourse, insertCourse, insertVersion } from '../../src/courses/courses.store';
import { startHub, type TestHub, type TestKey } from '../support/hub';
import { register } from '../support/registrations';
import { type CallCourseApi, courseApi } from '../support/scorm-cloud';

let hub: TestHub;
let key: TestKey;
let call: CallCourseApi;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

/** Each test sees an application of its own. */
beforeEach(async () => {
  key = await hub.newKey();
  call = courseApi(hub, key);
});

interface CourseDraft {
  title?: string;
  tags?: string[];
  created?: string;
  updated?: string;
  versions?: number;
}

async function addCourse(courseId: string, draft: CourseDraft = {}, applicationId = key.applicationId): Promise<void> {
  const { title = courseId, tags = [], created = '2026-01-01T00:00:00Z', updated = created, versions = 1 } = draft;
  await hub.resources.db.transaction(async (tx) => {
    const course = await insertCourse(tx, {
      id: uuid(),
      application_id: applicationId,
      course_id: courseId,
      title,
      tags,
    });
    for (let version = 0; version < versions; version += 1) {
      await insertVersion(
        tx,
        {
          id: uuid(),
          course_id: course!.id,
          version,
          title: versions === 1 ? title : `${title} ${version}`,
          learning_standard: 'SCORM12',
          xapi_activity_id: `https://example.com/${course!.id}`,
          identifier: 'the-manifest',
          metadata: { title, keywords: [] },
          languages: [],
          structure: {
            launchHref: 'index.html',
            sequenced: false,
            parserWarnings: [],
            rootActivity: { identifier: 'root', type: 'AGGREGATION', title, children: [] },
          },
        },
        { package_key: null, file_key: null, file_name: null, file_type: null },
      );
    }
    await tx('courses')
      .where({ id: course!.id })
      .update({ created_at: created, updated_at: updated, latest_version: versions - 1, next_version: versions });
  });
}

interface List {
  courses: {
    id: string;
    title: string;
    version: number;
    tags: string[];
    metadata?: object;
    registrationCount?: number;
  }[];
  more?: string;
}
const list = async (options: object = {}): Promise<List> => (await call<List>('getCourses', options)).data;
const ids = async (options: object = {}): Promise<string[]> => (await list(options)).courses.map(({ id }) => id);

describe('getCourses', () => {
  beforeEach(async () => {
    await addCourse('alpha', {
      title: 'Zebra',
      created: '2026-01-01T00:00:00Z',
      updated: '2026-03-03T00:00:00Z',
      tags: ['red', 'big'],
    });
    await addCourse('beta 100%', {
      title: 'Yak_1',
      created: '2026-01-02T00:00:00Z',
      updated: '2026-03-01T00:00:00Z',
      tags: ['blue'],
    });
    await addCourse('gamma_x', { title: 'Xerus', created: '2026-01-03T00:00:00Z', updated: '2026-03-02T00:00:00Z' });
  });

  it.each([
    ['created_desc', ['gamma_x', 'beta 100%', 'alpha']],
    ['created_asc', ['alpha', 'beta 100%', 'gamma_x']],
    ['updated_asc', ['beta 100%', 'gamma_x', 'alpha']],
    ['updated_desc', ['alpha', 'gamma_x', 'beta 100%']],
    ['title_asc', ['gamma_x', 'beta 100%', 'alpha']],
    ['title_desc', ['alpha', 'beta 100%', 'gamma_x']],
    [undefined, ['gamma_x', 'beta 100%', 'alpha']],
  ])('orderBy %s', async (orderBy, expected) => {
    expect(await ids({ orderBy })).toEqual(expected);
  });

  it.each<[object, string[]]>([
    [{ filter: 'ALPH' }, ['alpha']],
    [{ filter: 'a', filterBy: 'course_id' }, ['gamma_x', 'beta 100%', 'alpha']],
    [{ filter: '%' }, ['beta 100%']],
    [{ filter: '_' }, ['gamma_x']],
    [{ filter: '\\' }, []],
    [{ filter: 'zebra', filterBy: 'title' }, ['alpha']],
    [{ filter: '_1', filterBy: 'title' }, ['beta 100%']],
    [{ filter: 'ed', filterBy: 'tags' }, ['alpha']],
    [{ tags: ['red', 'blue'] }, ['beta 100%', 'alpha']],
    [{ tags: ['re'] }, []],
    [{ since: '2026-03-02T00:00:00Z' }, ['gamma_x', 'alpha']],
    [{ until: '2026-03-02' }, ['gamma_x', 'beta 100%']],
    [{ since: '2026-01-02T00:00:00', datetimeFilter: 'created' }, ['gamma_x', 'beta 100%']],
    [{ since: '2026-01-02', until: '2026-01-02T00:00:00.000Z', datetimeFilter: 'created' }, ['beta 100%']],
    [{ filter: 'a', tags: ['big'], since: '2026-01-01', orderBy: 'title_asc' }, ['alpha']],
  ])('%j', async (options, expected) => {
    expect(await ids(options)).toEqual(expected);
  });

  it.each([
    ['orderBy', 'sideways'],
    ['filterBy', 'colour'],
    ['datetimeFilter', 'deleted'],
    ['since', 'yesterday'],
    ['until', '2026-13-45'],
    ['includeTotalCount', 'perhaps'],
    ['more', 'nonsense'],
    ['more', 'e30.forged'],
  ])('%s=%s is 400 that names the parameter', async (name, value) => {
    const answer = await hub.fetch(`/api/v2/courses?${name}=${value}`, { key });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { message: string }).message).toContain(name);
  });

  it('unknown parameters are ignored, tags may be encoded or not', async () => {
    const tagged = async (query: string) =>
      (await (await hub.fetch(`/api/v2/courses?${query}`, { key })).json()) as List;
    expect((await tagged('colour=red&tags=red,blue')).courses).toHaveLength(2);
    expect((await tagged('tags=red%2Cblue')).courses).toHaveLength(2);
  });

  it('shows metadata, counts and the total when they are asked for', async () => {
    expect((await list()).courses[0]?.metadata).toBeUndefined();
    const { courses } = await list({ includeCourseMetadata: true, includeRegistrationCount: true });
    expect(courses[0]).toMatchObject({ metadata: { title: 'Xerus' }, registrationCount: 0 });
    const answer = await hub.fetch('/api/v2/courses?includeTotalCount=true&tags=red', { key });
    expect(answer.headers.get('x-total-count')).toBe('1');
    expect((await hub.fetch('/api/v2/courses', { key })).headers.get('x-total-count')).toBeNull();
  });
});

describe('more', () => {
  beforeEach(async () => {
    // Ties in time and title: the id decides.
    for (let i = 0; i < 205; i += 1) await addCourse(`c${i}`, { title: `T${i % 3}`, tags: i % 2 ? ['odd'] : ['even'] });
  });

  it.each([{}, { orderBy: 'title_asc' }, { orderBy: 'updated_desc', filter: 'c' }, { tags: ['odd', 'even'] }])(
    'follows %j to the end: each course once, 100 a page',
    async (options) => {
      const seen: string[] = [];
      const sizes: number[] = [];
      let more: string | undefined;
      do {
        const page: List = await list(more === undefined ? options : { more });
        seen.push(...page.courses.map(({ id }) => id));
        sizes.push(page.courses.length);
        more = page.more;
      } while (more !== undefined);
      expect(sizes).toEqual([100, 100, 5]);
      expect(new Set(seen).size).toBe(205);
    },
  );

  it('keeps the first request’s filters, whatever else is sent, and is another application’s to nobody', async () => {
    const { more } = await list({ tags: ['odd'], includeCourseMetadata: true });
    const next = await list({ more, tags: ['even'], orderBy: 'title_asc' });
    expect(next.courses).toHaveLength(2);
    expect(next.courses.every(({ tags, metadata }) => tags.includes('odd') && metadata !== undefined)).toBe(true);
    const stranger = courseApi(hub, await hub.newKey());
    expect(await stranger('getCourses', { more })).toMatchObject({ status: 400 });
  });
});

describe('versions', () => {
  const versions = async (options: object = {}) => (await call<List>('getCourseVersions', 'v', options)).data.courses;
  beforeEach(() => addCourse('v', { title: 'V', versions: 3 }));

  it('are listed oldest first, each with its own title', async () => {
    expect((await versions()).map(({ version, title }) => [version, title])).toEqual([
      [0, 'V 0'],
      [1, 'V 1'],
      [2, 'V 2'],
    ]);
    expect(await versions({ until: '2000-01-01' })).toEqual([]);
    expect(await versions({ since: '2000-01-01' })).toHaveLength(3);
  });

  it('can be read one by one', async () => {
    const { data } = await call('getCourseVersionInfo', 'v', 1, { includeCourseMetadata: true });
    expect(data).toMatchObject({
      id: 'v',
      version: 1,
      title: 'V 1',
      metadata: { title: 'V' },
      rootActivity: { title: 'V' },
    });
    expect((await call('getCourseVersionInfo', 'v', 7, {})).status).toBe(404);
    expect((await hub.fetch('/api/v2/courses/v/versions/one', { key })).status).toBe(400);
  });

  it('deleted, the newest that is left is shown; the last one takes the course with it', async () => {
    expect((await call('deleteCourseVersion', 'v', 2)).status).toBe(204);
    expect((await call('deleteCourseVersion', 'v', 2)).status).toBe(404);
    expect((await call('getCourse', 'v', {})).data).toMatchObject({ version: 1, title: 'V 1' });
    expect((await call('deleteCourseVersion', 'v', 0)).status).toBe(204);
    expect((await call('deleteCourseVersion', 'v', 1)).status).toBe(204);
    expect((await call('getCourse', 'v', {})).status).toBe(404);
    expect((await call('getCourseVersions', 'v', {})).status).toBe(404);
    const work: string[] = await hub.resources.db('outbox').pluck('workflow_type');
    expect(work).toEqual(expect.arrayContaining(['collectContent', 'deleteCourse']));
  });
});

describe('registrationCount', () => {
  const counted = { includeRegistrationCount: true };
  const counts = ({ courses }: List) =>
    courses.map(({ id, version, registrationCount }) => [id, version, registrationCount]);

  it('is how many registrations learners have for a course, or for a version of it; previews are not among them', async () => {
    await addCourse('many', { versions: 2, created: '2026-01-02T00:00:00Z' });
    await addCourse('none', { created: '2026-01-01T00:00:00Z' });
    const { db } = hub.resources;
    for (const version of [0, 0, 1]) await register(db, key.applicationId, 'many', { version });
    await register(db, key.applicationId, 'none', { kind: 'preview' });
    expect(counts(await list(counted))).toEqual([
      ['many', 1, 3],
      ['none', 0, 0],
    ]);
    expect((await call('getCourse', 'many', counted)).data['registrationCount']).toBe(3);
    expect((await call('getCourse', 'none', counted)).data['registrationCount']).toBe(0);
    const { data } = await call<List>('getCourseVersions', 'many', counted);
    expect(counts(data)).toEqual([
      ['many', 0, 2],
      ['many', 1, 1],
    ]);
    expect((await call('getCourseVersionInfo', 'many', 0, counted)).data['registrationCount']).toBe(2);
  });

  it('is there only where it is asked for', async () => {
    await addCourse('one');
    const { data } = await call<List>('getCourseVersions', 'one', {});
    const { data: course } = await call('getCourse', 'one', {});
    for (const shown of [...(await list()).courses, ...data.courses, course]) {
      expect(shown['registrationCount']).toBeUndefined();
    }
  });

  it('is asked of the database once for a page of courses', async () => {
    for (const id of ['a', 'b', 'c']) await addCourse(id);
    const asked: string[] = [];
    const note = ({ sql }: { sql: string }): void => void asked.push(sql);
    hub.resources.db.on('query', note);
    expect((await list(counted)).courses).toHaveLength(3);
    hub.resources.db.removeListener('query', note);
    expect(asked.filter((sql) => sql.includes('"registrations"'))).toHaveLength(1);
  });
});

describe('setCourseTitle', () => {
  it('names the course and its newest version', async () => {
    await addCourse('t', { title: 'Old', versions: 2 });
    expect((await call('setCourseTitle', 't', { title: 'New' })).status).toBe(204);
    expect((await call('getCourse', 't', {})).data).toMatchObject({ title: 'New', version: 1 });
    expect((await call('getCourseVersionInfo', 't', 0, {})).data).toMatchObject({ title: 'Old 0' });
    expect(await ids({ filter: 'new', filterBy: 'title' })).toEqual(['t']);
  });

  it.each([{}, { title: '' }, { title: 5 }, { title: 'x'.repeat(501) }])('refuses %j', async (body) => {
    await addCourse('t');
    const answer = await call('setCourseTitle', 't', body);
    expect(answer.status).toBe(400);
    expect(answer.error?.message).toContain('title');
  });
});

describe('tags', () => {
  const tags = async (courseId: string) => (await call<{ tags: string[] }>('getCourseTags', courseId)).data.tags;

  it('are replaced by put, and taken off by delete with a body', async () => {
    await addCourse('t', { tags: ['a', 'b'] });
    expect(await tags('t')).toEqual(['a', 'b']);
    expect((await call('putCourseTags', 't', { tags: ['c', 'd', 'c'] })).status).toBe(204);
    expect(await tags('t')).toEqual(['c', 'd']);
    expect((await call('deleteCourseTags', 't', { tags: ['c', 'x'] })).status).toBe(204);
    expect(await tags('t')).toEqual(['d']);
    expect(await ids({ tags: ['d'] })).toEqual(['t']);
    expect(await ids({ filter: 'c', filterBy: 'tags' })).toEqual([]);
  });

  it('of many courses are replaced together; an unknown course changes nothing', async () => {
    for (const id of ['one', 'two']) await addCourse(id, { tags: ['old'] });
    expect((await call('putCourseTagsBatch', { ids: ['one', 'two'], tags: ['new'] })).status).toBe(204);
    expect(await Promise.all(['one', 'two'].map(tags))).toEqual([['new'], ['new']]);
    const refused = await call('putCourseTagsBatch', { ids: ['one', 'nobody'], tags: ['lost'] });
    expect(refused).toMatchObject({ status: 404, error: { message: expect.stringContaining('nobody') } });
    expect(await tags('one')).toEqual(['new']);
  });

  it.each([
    [{}],
    [{ tags: 'red' }],
    [{ tags: [''] }],
    [{ tags: [1] }],
    [{ tags: Array.from({ length: 101 }, (_, i) => `${i}`) }],
  ])('refuses %j', async (body) => {
    await addCourse('t');
    const answer = await call('putCourseTags', 't', body);
    expect(answer.status).toBe(400);
    expect(answer.error?.message).toContain('tags');
  });

  it('set at once by many stay consistent: the last one wins whole', async () => {
    await addCourse('t');
    const sets = Array.from({ length: 10 }, (_, i) => [`a${i}`, `b${i}`]);
    await Promise.all(sets.map((set) => call('putCourseTags', 't', { tags: set })));
    expect(sets).toContainEqual(await tags('t'));
  });
});

describe('another application’s course', () => {
  it.each<[string, unknown[]]>([
    ['getCourse', [{}]],
    ['getCourseVersions', [{}]],
    ['getCourseVersionInfo', [0, {}]],
    ['getCourseTags', []],
    ['putCourseTags', [{ tags: ['x'] }]],
    ['deleteCourseTags', [{ tags: ['x'] }]],
    ['setCourseTitle', [{ title: 'Mine now' }]],
    ['deleteCourseVersion', [0]],
    ['deleteCourse', []],
  ])('is 404 for %s', async (operation, args) => {
    const owner = await hub.newKey();
    await addCourse('theirs', { title: 'Theirs' }, owner.applicationId);
    expect((await call(operation, 'theirs', ...args)).status).toBe(404);
    expect((await courseApi(hub, owner)('getCourse', 'theirs', {})).data).toMatchObject({ title: 'Theirs', tags: [] });
  });
});

describe('deleteMarkedCourse', () => {
  it('leaves a course alone that was not marked', async () => {
    await addCourse('kept');
    const row = await hub.resources
      .db('courses')
      .where({ course_id: 'kept', application_id: key.applicationId })
      .first<{ id: string }>();
    await hub.resources.db.transaction((tx) => deleteMarkedCourse(tx, row.id));
    expect((await call('getCourse', 'kept', {})).status).toBe(200);
  });
});
