import { startHub, type TestHub, type TestKey } from '../support/hub';
import { ProgramFixture } from '../support/programs';
import { bearerOf } from '../support/tokens';

let hub: TestHub;
let key: TestKey;
let fixture: ProgramFixture;

/** What the hub calls itself, behind a proxy. */
const publicUrl = 'https://learning.example.com/hub';

beforeAll(async () => {
  hub = await startHub({ env: { PUBLIC_URL: publicUrl } });
  key = await hub.newKey();
  fixture = ProgramFixture.of(hub.resources.db, key.applicationId);
});
afterAll(() => hub.close());

interface Shown {
  [member: string]: unknown;
  id: number;
  name: string;
  enrollment_id: number;
  deleted_at?: string | null;
}

interface Page {
  meta: { next?: string };
  enrollments: Shown[];
}

interface Problems {
  errors: { code: string; title: string; detail: string }[];
}

const learnersOf = (programId: number | string): string => `/api/author/programs/${programId}/learners`;

const send = (method: string, target: string, body?: unknown, by: TestKey | string = key): Promise<Response> =>
  hub.fetch(target, {
    method,
    key: by,
    ...(body === undefined
      ? {}
      : {
          headers: { 'content-type': 'application/json' },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
  });

const enroll = (programId: number, enrollments: object[]): Promise<Response> =>
  send('POST', learnersOf(programId), { enrollments });

async function list(programId: number, query: Record<string, string> = {}): Promise<Page> {
  const answer = await send('GET', `${learnersOf(programId)}?${new URLSearchParams(query).toString()}`);
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Page;
}

const namesIn = async (programId: number, query?: Record<string, string>): Promise<string[]> =>
  (await list(programId, query)).enrollments.map(({ name }) => name);

async function problemsOf(answer: Response, status = 400): Promise<Problems['errors']> {
  expect({ status: answer.status, type: answer.headers.get('content-type') }).toEqual({
    status,
    type: 'application/json; charset=utf-8',
  });
  const { errors } = (await answer.json()) as Problems;
  for (const error of errors) expect(Object.keys(error)).toEqual(['code', 'title', 'detail']);
  return errors;
}

/** A program with these learners enrolled, in their order. */
async function programWith(...names: string[]): Promise<{ id: number; learners: Record<string, number> }> {
  const { id } = await fixture.program({
    default_days_until_due: 30,
    expires: true,
    default_days_until_expiration: 60,
  });
  const rows = await fixture.save(
    names.map((name, nth) => {
      const [first_name = '', last_name = ''] = name.split(' ');
      return {
        uid: `${first_name.toLowerCase()}-${id}-${nth}`,
        email: `${nth}.${id}@golf.example`,
        first_name,
        last_name,
      };
    }),
  );
  for (const row of rows) expect((await enroll(id, [{ user_id: row.id }])).status).toBe(204);
  return { id, learners: Object.fromEntries(rows.map((row, nth) => [names[nth]!, row.id])) };
}

describe('GET /api/author/programs/{program_id}/learners', () => {
  it('shows the document’s object, member by member', async () => {
    const program = await fixture.program({ default_days_until_due: 30 }, [
      { course_id: 'golf', days_until_due: 10 },
      { title: 'Sign off', requires_approval: true },
    ]);
    const [learner] = await fixture.save([
      {
        uid: 'shown',
        email: 'Shown@example.com',
        first_name: 'Zoë',
        last_name: 'Young',
        avatar_url: 'https://a.example/z.png',
      },
    ]);
    await enroll(program.id, [{ uid: 'SHOWN', expires_at: '2031-12-31 07:00:00' }]);
    const { meta, enrollments } = await list(program.id);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(meta).toEqual({});
    expect(enrollments).toEqual([
      {
        id: learner!.id,
        name: 'Zoë Young',
        email: 'Shown@example.com',
        avatar_url: 'https://a.example/z.png',
        state: 'active',
        enrollment_id: (await fixture.enrollment(program.id, learner!.id)).id,
        current_program_item_index: 0,
        total_program_items: 2,
        current_program_item_due: 10,
        pending_approval_item_count: 0,
        program_due: 30,
        group_ids: [],
        created_at: time,
        updated_at: time,
        end_at: time,
        expires_at: '2031-12-31T07:00:00.000Z',
        completed_at: null,
      },
    ]);
  });

  it('counts approvals that wait, days that have passed, and names groups and completions', async () => {
    const program = await fixture.program({}, [{ title: 'Sign off', requires_approval: true }]);
    const course = await fixture.program({}, [{ course_id: 'golf' }]);
    const learner = await fixture.learner();
    const groupId = await fixture.group('Sales', [learner.id], program.id);
    await enroll(course.id, [{ user_id: learner.id, end_at: '2020-01-01' }]);
    await fixture.complete({ learner: { id: learner.id }, courseId: 'golf' });
    expect((await list(program.id)).enrollments).toMatchObject([
      {
        pending_approval_item_count: 1,
        group_ids: [String(groupId)],
        program_due: null,
        current_program_item_due: null,
      },
    ]);
    const [shown] = (await list(course.id)).enrollments;
    expect(shown).toMatchObject({
      state: 'complete',
      current_program_item_index: 1,
      end_at: '2020-01-01T00:00:00.000Z',
    });
    expect(shown!['completed_at']).not.toBeNull();
    expect(shown!['program_due']).toBeLessThan(-2000);
  });

  it('is in the order in which they were enrolled, or sorted as asked, both ways', async () => {
    const { id, learners } = await programWith('Bo Adams', 'Al Young', 'Cy Adams');
    const change = (name: string, end_at: string | null, expires_at: string | null) =>
      enroll(id, [{ user_id: learners[name], end_at, expires_at }]);
    await change('Bo Adams', '2030-02-01', null);
    await change('Al Young', null, null);
    await change('Cy Adams', '2030-01-01', null);
    await fixture.complete({ learner: { id: learners['Al Young']! }, courseId: 'golf' });
    expect(await namesIn(id)).toEqual(['Bo Adams', 'Al Young', 'Cy Adams']);
    expect(await namesIn(id, { sort: 'name' })).toEqual(['Al Young', 'Bo Adams', 'Cy Adams']);
    expect(await namesIn(id, { sort: '-name' })).toEqual(['Cy Adams', 'Bo Adams', 'Al Young']);
    expect(await namesIn(id, { sort: 'due_date' })).toEqual(['Cy Adams', 'Bo Adams', 'Al Young']);
    expect(await namesIn(id, { sort: '-due_date' })).toEqual(['Al Young', 'Bo Adams', 'Cy Adams']);
    expect(await namesIn(id, { sort: 'progress' })).toEqual(['Bo Adams', 'Cy Adams', 'Al Young']);
    expect(await namesIn(id, { sort: '-progress' })).toEqual(['Al Young', 'Cy Adams', 'Bo Adams']);
  });

  it('sorts by the current course’s due date and the renewal’s, without a date last', async () => {
    const settings = { expires: true, default_days_until_expiration: 300, auto_re_enroll: true };
    const { id } = await fixture.program(settings, [
      { course_id: 'golf', days_until_due: 5 },
      { course_id: 'putting' },
    ]);
    const [one, two, three] = await fixture.learners(3);
    await enroll(id, [{ user_id: one!.id, expires_at: null }]);
    await enroll(id, [{ user_id: two!.id, expires_at: '2035-01-01' }]);
    await enroll(id, [{ user_id: three!.id, expires_at: '2034-01-01' }]);
    await fixture.complete({ learner: { id: one!.id }, courseId: 'golf' });
    const ids = async (sort: string) => (await list(id, { sort })).enrollments.map((shown) => shown.id);
    expect(await ids('renew_date')).toEqual([three!.id, two!.id, one!.id]);
    expect(await ids('-renew_date')).toEqual([one!.id, two!.id, three!.id]);
    expect(await ids('course_due_date')).toEqual([two!.id, three!.id, one!.id]);
    expect(await ids('-course_due_date')).toEqual([one!.id, three!.id, two!.id]);
  });

  it('searches first name, last name, uid and email: words anywhere, one or two letters at a beginning', async () => {
    const { id } = await programWith('José Álvarez', 'Anna Smith', 'Иван Петров', '王 小明');
    const found = (search: string) => namesIn(id, { search });
    expect(await found('JOSE')).toEqual(['José Álvarez']);
    expect(await found('lvar')).toEqual(['José Álvarez']);
    expect(await found('smith anna')).toEqual(['Anna Smith']);
    expect(await found('smith jose')).toEqual([]);
    expect(await found('1.' + String(id) + '@golf')).toEqual(['Anna Smith']);
    expect(await found(`anna-${id}`)).toEqual(['Anna Smith']);
    expect(await found('an')).toEqual(['Anna Smith']);
    expect(await found('mi')).toEqual([]);
    expect(await found('етро')).toEqual(['Иван Петров']);
    expect(await found('小明')).toEqual(['王 小明']);
    expect(await found('100%')).toEqual([]);
    expect(await found('_')).toEqual([]);
    expect(await found('\\')).toEqual([]);
    expect((await found('   ')).length).toBe(4);
  });

  it('filters by a learner', async () => {
    const { id, learners } = await programWith('Al Young', 'Bo Adams');
    expect(await namesIn(id, { user_id: String(learners['Bo Adams']) })).toEqual(['Bo Adams']);
    expect(await namesIn(id, { user_id: '9007199254740991' })).toEqual([]);
  });

  it('filters by times, which are left out themselves; a time without a zone is UTC', async () => {
    const { id } = await programWith('Al Young', 'Bo Adams', 'Cy Adams');
    const set = (nth: number, values: object) =>
      hub.resources.db('enrollments').where({ program_id: id }).where('id', '=', ids[nth]!).update(values);
    const ids = (await list(id)).enrollments.map(({ enrollment_id }) => enrollment_id);
    await set(0, { created_at: '2024-01-01T00:00:00Z', updated_at: '2024-05-01T00:00:00Z' });
    await set(1, { created_at: '2024-02-01T00:00:00Z', updated_at: '2024-04-01T00:00:00Z' });
    await set(2, { created_at: '2024-03-01T00:00:00Z', updated_at: '2024-06-01T00:00:00Z' });
    expect(await namesIn(id, { created_after: '2024-01-01 00:00:00' })).toEqual(['Bo Adams', 'Cy Adams']);
    expect(await namesIn(id, { created_after: '2023-12-31T23:59:59.999Z', created_before: '2024-03-01' })).toEqual([
      'Al Young',
      'Bo Adams',
    ]);
    expect(await namesIn(id, { updated_after: '2024-01-01T00:00:00+02:00' })).toEqual([
      'Bo Adams',
      'Al Young',
      'Cy Adams',
    ]);
    expect(await namesIn(id, { updated_before: '2024-05-15', created_after: '2024-01-15', sort: '-name' })).toEqual([
      'Bo Adams',
    ]);
  });

  it('shows deleted and superseded enrollments where they are asked for, with the time', async () => {
    const { id, learners } = await programWith('Al Young', 'Bo Adams', 'Cy Adams');
    const [gone] = (await list(id, { search: 'bo' })).enrollments;
    expect((await send('DELETE', `${learnersOf(id)}/${gone!.enrollment_id}`)).status).toBe(204);
    for (const courseId of ['golf', 'putting'])
      await fixture.complete({ learner: { id: learners['Cy Adams']! }, courseId });
    await enroll(id, [{ user_id: learners['Cy Adams'] }]);

    expect(await namesIn(id)).toEqual(['Al Young', 'Cy Adams']);
    expect((await list(id)).enrollments.some((shown) => 'deleted_at' in shown)).toBe(false);
    const only = await list(id, { only_deleted: 'true' });
    expect(only.enrollments).toMatchObject([{ name: 'Bo Adams', deleted_at: expect.any(String) as unknown }]);
    const all = (await list(id, { with_deleted: 'true' })).enrollments;
    expect(all.map(({ name, state, deleted_at }) => [name, state, deleted_at !== null])).toEqual([
      ['Al Young', 'active', false],
      ['Bo Adams', 'active', true],
      ['Cy Adams', 'complete', true],
      ['Cy Adams', 'active', false],
    ]);
    expect(await namesIn(id, { deleted_after: '2020-01-01' })).toEqual(['Bo Adams']);
    expect(await namesIn(id, { deleted_after: '2020-01-01', with_deleted: 'true' })).toEqual(['Bo Adams', 'Cy Adams']);
    expect(await namesIn(id, { deleted_before: '2020-01-01' })).toEqual([]);
  });

  it.each(['', 'name', '-name', 'progress', '-due_date', 'renew_date'])(
    'leads through all pages in the order "%s", each once, by URLs that keep the parameters',
    async (sort) => {
      const { id } = await fixture.program();
      const learners = await fixture.learners(25);
      await enroll(
        id,
        learners.map((learner) => ({ user_id: learner.id })),
      );
      const query = { limit: '10', with_deleted: 'true', search: 'first', ...(sort === '' ? {} : { sort }) };
      const whole = await list(id, { ...query, limit: '1000' });
      const seen: number[] = [];
      let next: string | undefined = `${publicUrl}${learnersOf(id)}?${new URLSearchParams(query).toString()}`;
      let pages = 0;
      while (next !== undefined) {
        expect(next.startsWith(`${publicUrl}${learnersOf(id)}?`)).toBe(true);
        expect(Object.fromEntries(new URL(next).searchParams)).toMatchObject(query);
        const page = (await (await send('GET', next.slice(publicUrl.length))).json()) as Page;
        seen.push(...page.enrollments.map(({ enrollment_id }) => enrollment_id));
        next = page.meta.next;
        pages += 1;
      }
      expect(pages).toBe(3);
      expect(seen).toEqual(whole.enrollments.map(({ enrollment_id }) => enrollment_id));
      expect(new Set(seen).size).toBe(25);
    },
  );

  it('refuses the cursor of another list, order, filter or application, and made-up ones', async () => {
    const { id } = await programWith('Al Young', 'Bo Adams');
    const { meta } = await list(id, { limit: '1', sort: 'name' });
    const after = new URL(meta.next!).searchParams.get('after')!;
    expect(await namesIn(id, { sort: 'name', after, limit: '7' })).toEqual(['Bo Adams']);
    const other = await programWith('Al Young', 'Bo Adams');
    const wrong = [
      [id, { sort: '-name', after }],
      [id, { after }],
      [id, { sort: 'name', search: 'al', after }],
      [other.id, { sort: 'name', after }],
      [id, { sort: 'name', after: 'AAAA' }],
      [id, { sort: 'name', after: after.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) }],
    ] as const;
    for (const [program, query] of wrong) {
      const answer = await send('GET', `${learnersOf(program)}?${new URLSearchParams(query).toString()}`);
      expect((await problemsOf(answer))[0]!.detail).toMatch(/^after must be from/);
    }
  });

  it('answers 304 while the page is what it was', async () => {
    const { id, learners } = await programWith('Al Young', 'Bo Adams');
    const get = (etag = '') => hub.fetch(`${learnersOf(id)}?limit=1`, { key, headers: { 'if-none-match': etag } });
    const etag = (await get()).headers.get('etag')!;
    expect(etag).toMatch(/^"[\w-]{20,}"$/);
    const known = await get(etag);
    expect([known.status, await known.text()]).toEqual([304, '']);
    await enroll(id, [{ user_id: learners['Al Young'], end_at: '2030-01-01' }]);
    expect((await get(etag)).status).toBe(200);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=ten', 'limit'],
    ['sort=age', 'sort'],
    ['sort=%2Bname', 'sort'],
    ['updated_after=yesterday', 'updated_after'],
    ['created_before=2026-02-30', 'created_before'],
    ['deleted_after=2026-13-01T00:00:00Z', 'deleted_after'],
    ['only_deleted=perhaps', 'only_deleted'],
    ['user_id=me', 'user_id'],
    ['user_id=1e3', 'user_id'],
    ['user_id=99999999999999999999', 'user_id'],
    ['after=%C3%A9', 'after'],
    ['search=a%00b', 'U+0000'],
    ['after=a%00b', 'U+0000'],
    ['sort=na%00me', 'U+0000'],
  ])('refuses %s by its name', async (query, name) => {
    const { id } = await fixture.program();
    const [problem] = await problemsOf(await send('GET', `${learnersOf(id)}?${query}`));
    expect(problem!.detail).toContain(name);
  });
});

describe('POST /api/author/programs/{program_id}/learners', () => {
  it('takes learners by user_id, uid or email, one or many, with dates of their own', async () => {
    const { id } = await fixture.program({ default_days_until_due: 30 });
    const [one, two, three] = await fixture.learners(3);
    const answer = await enroll(id, [
      { user_id: one!.id },
      { uid: two!.uid, end_at: '2017-12-31 07:00:00', expires_at: '2030-01-01T00:00:00+01:00' },
      { email: three!.email!.toUpperCase(), end_at: null },
    ]);
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect((await list(id)).enrollments).toMatchObject([
      { id: one!.id, program_due: 30 },
      { id: two!.id, end_at: '2017-12-31T07:00:00.000Z', expires_at: '2029-12-31T23:00:00.000Z' },
      { id: three!.id, end_at: null, program_due: null },
    ]);
  });

  it('takes {learners: [{id}]} as well, and ids as texts', async () => {
    const { id } = await fixture.program();
    const [one, two, three] = await fixture.learners(3);
    const learners = [{ id: one!.id }, { id: String(two!.id) }];
    expect((await send('POST', learnersOf(id), { learners })).status).toBe(204);
    expect((await enroll(id, [{ user_id: String(three!.id) }])).status).toBe(204);
    expect((await list(id)).enrollments).toMatchObject([{ id: one!.id }, { id: two!.id }, { id: three!.id }]);
  });

  it('changes the dates of one who is active, and enrolls one who has completed anew', async () => {
    const { id } = await fixture.program({ default_days_until_due: 30 });
    const learner = await fixture.learner();
    await enroll(id, [{ user_id: learner.id }]);
    await enroll(id, [{ user_id: learner.id, end_at: '2031-01-01' }]);
    expect((await list(id)).enrollments).toMatchObject([{ end_at: '2031-01-01T00:00:00.000Z' }]);
    for (const courseId of ['golf', 'putting']) await fixture.complete({ learner: { id: learner.id }, courseId });
    expect((await list(id)).enrollments).toMatchObject([{ state: 'complete' }]);
    await enroll(id, [{ user_id: learner.id }]);
    expect((await list(id)).enrollments).toMatchObject([{ state: 'active', program_due: 30 }]);
    expect((await list(id, { with_deleted: 'true' })).enrollments).toHaveLength(2);
  });

  it('refuses the whole for each learner it cannot take, naming the member and the learner', async () => {
    const { id } = await fixture.program();
    const learner = await fixture.learner();
    const stranger = await (await ProgramFixture.create(hub.resources.db)).learner();
    const answer = await enroll(id, [
      { user_id: learner.id },
      { user_id: stranger.id },
      { email: 'nobody@example.com' },
      { uid: learner.uid },
    ]);
    expect(await problemsOf(answer)).toEqual([
      {
        code: 'not_found',
        title: 'Not found',
        detail: `enrollments.1.user_id there is no such learner in this application (user_id ${stranger.id})`,
      },
      {
        code: 'not_found',
        title: 'Not found',
        detail: 'enrollments.2.email there is no such learner in this application (email nobody@example.com)',
      },
      {
        code: 'not_unique',
        title: 'Not unique',
        detail: `enrollments.3.uid is the same learner as entry 0 (uid ${learner.uid})`,
      },
    ]);
    expect((await list(id)).enrollments).toEqual([]);
  });

  it('names each member of the wrong type, and each date, of each learner', async () => {
    const { id } = await fixture.program();
    const details = async (body: unknown) =>
      (await problemsOf(await send('POST', learnersOf(id), body))).map(({ detail }) => detail);
    expect(
      await details({
        enrollments: [
          { user_id: '7a' },
          { user_id: 2 ** 53 },
          { user_id: 1e300 },
          { uid: 7, end_at: 7 },
          { uid: 'anna', end_at: 'soon', expires_at: '2026-02-30' },
          {},
          null,
          'anna',
        ],
      }),
    ).toEqual([
      'enrollments.0.user_id must be integer (user_id 7a)',
      'enrollments.1.user_id must be <= 9007199254740991 (user_id 9007199254740992)',
      'enrollments.2.user_id must be <= 9007199254740991 (user_id 1e+300)',
      'enrollments.3.uid must be string (uid 7)',
      'enrollments.3.end_at must be string (uid 7)',
      'enrollments.4.end_at must be a date and time such as 2026-01-31T12:00:00Z (uid anna)',
      'enrollments.4.expires_at must be a date and time such as 2026-01-31T12:00:00Z (uid anna)',
      'enrollments.5.user_id is required, or email, or uid',
      'enrollments.6 must be object',
      'enrollments.7 must be object',
    ]);
    expect(await details({ learners: [{ id: 'x' }, { user_id: 7 }] })).toEqual([
      'learners.0.id must be integer (id x)',
      'learners.1.id is required, or email, or uid',
    ]);
    expect(await details({ learners: [{ id: 999_999_999 }] })).toEqual([
      'learners.0.id there is no such learner in this application (id 999999999)',
    ]);
    expect(await details({})).toEqual(['enrollments is required']);
    expect(await details([])).toEqual(['It must be object']);
    expect(await details({ enrollments: {} })).toEqual(['enrollments must be array']);
    expect(await details({ enrollments: [] })).toEqual(['enrollments must NOT have fewer than 1 items']);
    expect(await details({ enrollments: [{ user_id: 1 }], learners: [{ id: 1 }] })).toEqual([
      'learners must be left out where enrollments are given',
    ]);
    expect((await details('{"enrollments": ['))[0]).toMatch(/^The body is not JSON/);
    expect((await details({ enrollments: [{ uid: 'a\u0000b' }] }))[0]).toContain('U+0000');
  });

  it('takes 10,000 by the longest of names and no more, in one transaction that does not ask Temporal', async () => {
    const { id } = await fixture.program({ default_days_until_due: 30 });
    const learners = await fixture.save(
      Array.from({ length: 10_000 }, (_, nth) => ({ uid: `${String(nth).padStart(5, '0')}-${'u'.repeat(249)}` })),
    );
    const dates = { end_at: '2030-12-31T07:00:00.000+00:00', expires_at: '2031-12-31T07:00:00.000+00:00' };
    const entries = learners.map(({ uid }) => ({ uid, ...dates }));
    expect((await enroll(id, entries)).status).toBe(204);
    const count = await hub.resources.db('enrollments').where({ program_id: id }).count('* as count').first<object>();
    expect(count).toEqual({ count: 10_000 });
    const [problem] = await problemsOf(await enroll(id, [...entries, entries[0]!]));
    expect(problem!.detail).toBe('enrollments must NOT have more than 10000 items');
    const missing = await problemsOf(
      await enroll(
        id,
        entries.map((_, nth) => ({ uid: `missing-${nth}` })),
      ),
    );
    expect(missing).toHaveLength(10_000);
    await problemsOf(await send('POST', learnersOf(id), `[${'0,'.repeat(4 * 1024 * 1024)}0]`), 413);
  });
});

describe.each(['PATCH', 'PUT'])('%s /api/author/programs/{program_id}/learners/{id}', (method) => {
  it('changes the dates that are given, clears those that are null, and shows the enrollment', async () => {
    const { id } = await programWith('Al Young');
    const [before] = (await list(id)).enrollments;
    const target = `${learnersOf(id)}/${before!.enrollment_id}`;
    const change = async (dates: object): Promise<Page> => {
      const answer = await send(method, target, { enrollments: [dates] });
      expect(answer.status).toBe(200);
      return (await answer.json()) as Page;
    };
    const updated_at = expect.any(String) as unknown;
    const first = { end_at: '2017-12-31T07:00:00.000Z', expires_at: '2030-12-31T07:00:00.000Z' };
    const changed = await change({ end_at: '2017-12-31 07:00:00', expires_at: '2030-12-31 07:00:00' });
    expect(changed).toEqual({
      meta: {},
      enrollments: [{ ...before, ...first, updated_at, program_due: expect.any(Number) as unknown }],
    });
    expect(await change({ end_at: null })).toMatchObject({
      enrollments: [{ ...first, end_at: null, program_due: null }],
    });
    expect(await change({})).toMatchObject({ enrollments: [{ ...first, end_at: null }] });
    expect((await list(id)).enrollments).toMatchObject([{ ...first, end_at: null }]);
  });

  it('names what is wrong, and changes nothing', async () => {
    const { id } = await programWith('Al Young');
    const [before] = (await list(id)).enrollments;
    const target = `${learnersOf(id)}/${before!.enrollment_id}`;
    const detail = async (body: unknown) => (await problemsOf(await send(method, target, body)))[0]!.detail;
    expect(await detail({ enrollments: [{ end_at: 'soon' }] })).toMatch(/^enrollments\.0\.end_at must be a date/);
    expect(await detail({ enrollments: [{ expires_at: 5 }] })).toBe('enrollments.0.expires_at must be string');
    expect(await detail({ enrollments: [] })).toBe('enrollments must NOT have fewer than 1 items');
    expect(await detail({ enrollments: [{}, {}] })).toBe('enrollments must NOT have more than 1 items');
    expect(await detail({ end_at: '2030-01-01' })).toBe('enrollments is required');
    expect(await detail({ enrollments: [{ end_at: '2030-01-01\u0000' }] })).toContain('U+0000');
    expect((await list(id)).enrollments).toEqual([before]);
  });
});

describe('DELETE /api/author/programs/{program_id}/learners/{id}', () => {
  it('removes once, with all sources; then it is not there', async () => {
    const { id, learners } = await programWith('Al Young');
    await fixture.group('Sales', [learners['Al Young']!], id);
    const [enrollment] = (await list(id)).enrollments;
    const target = `${learnersOf(id)}/${enrollment!.enrollment_id}`;
    const answer = await send('DELETE', target);
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect((await list(id)).enrollments).toEqual([]);
    expect((await list(id, { only_deleted: 'true' })).enrollments).toMatchObject([{ group_ids: [] }]);
    expect((await problemsOf(await send('DELETE', target), 404))[0]!.code).toBe('not_found');
    await problemsOf(await send('PATCH', target, { enrollments: [{ end_at: null }] }), 404);
  });
});

describe('the door', () => {
  it('opens with Basic and Bearer, and needs a scope', async () => {
    const { id } = await fixture.program();
    const bearer = await bearerOf(hub, key.basic, 'read');
    expect((await send('GET', learnersOf(id), undefined, bearer)).status).toBe(200);
    const learner = await fixture.learner();
    const body = { enrollments: [{ user_id: learner.id }] };
    expect((await problemsOf(await send('POST', learnersOf(id), body, bearer), 403))[0]!.code).toBe('scope_missing');
    const reader = await hub.newKey({ applicationId: key.applicationId, scopes: ['read:hub'] });
    expect((await send('GET', learnersOf(id), undefined, reader)).status).toBe(200);
    await problemsOf(await send('DELETE', `${learnersOf(id)}/1`, undefined, reader), 403);
    expect((await problemsOf(await hub.fetch(learnersOf(id)), 401))[0]!.code).toBe('unauthenticated');
  });

  it('shows nothing of another application', async () => {
    const { id } = await programWith('Al Young');
    const [enrollment] = (await list(id)).enrollments;
    const other = await hub.newKey();
    const own = await ProgramFixture.of(hub.resources.db, other.applicationId).program();
    const change = { enrollments: [{ end_at: null }] };
    for (const [method, target, body] of [
      ['GET', learnersOf(id)],
      ['POST', learnersOf(id), { enrollments: [{ uid: 'al' }] }],
      ['PATCH', `${learnersOf(id)}/${enrollment!.enrollment_id}`, change],
      ['DELETE', `${learnersOf(id)}/${enrollment!.enrollment_id}`],
      ['PATCH', `${learnersOf(own.id)}/${enrollment!.enrollment_id}`, change],
      ['DELETE', `${learnersOf(own.id)}/${enrollment!.enrollment_id}`],
    ] as const) {
      expect((await problemsOf(await send(method, target, body, other), 404))[0]!.code).toBe('not_found');
    }
    const mine = await fixture.program();
    await problemsOf(await send('DELETE', `${learnersOf(mine.id)}/${enrollment!.enrollment_id}`), 404);
    expect((await list(id)).enrollments).toEqual([enrollment]);
  });

  it.each(['9007199254740993', '99999999999999999999', '1e3', 'golf', '-1', '0', '1.5', '%00'])(
    'refuses the id %s',
    async (id) => {
      const { id: programId } = await fixture.program();
      const change = { enrollments: [{ end_at: null }] };
      const answers = [
        await send('GET', learnersOf(id)),
        await send('POST', learnersOf(id), { enrollments: [{ uid: 'al' }] }),
        await send('PATCH', `${learnersOf(programId)}/${id}`, change),
        await send('DELETE', `${learnersOf(programId)}/${id}`),
      ];
      expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    },
  );

  it('says in its own words what is not there, and what may be done', async () => {
    const { id } = await fixture.program();
    expect((await problemsOf(await send('GET', '/api/author/courses'), 404))[0]!.code).toBe('not_found');
    const answer = await send('DELETE', learnersOf(id));
    expect(answer.headers.get('allow')).toContain('POST');
    expect((await problemsOf(answer, 405))[0]!.code).toBe('method_not_allowed');
    const text = hub.fetch(learnersOf(id), {
      method: 'POST',
      key,
      headers: { 'content-type': 'text/plain' },
      body: 'x',
    });
    await problemsOf(await text, 415);
  });
});
