import * as fc from 'fast-check';
import { readTold } from '../../src/programs/told-completions.rules';

const event = (learner: string, course = 'golf') => readTold('events', { email: null, learner, course });
const activity = (
  learner: string | null,
  { email = null, course = 'golf' }: { email?: string | null; course?: string } = {},
) => readTold('caliper', { email, learner, course });
const long = 'x'.repeat(256);

describe('an event of the event store', () => {
  it.each([
    ['ada', { uid: 'ada' }],
    ['Ada@School.example', { email: 'Ada@School.example', uid: 'Ada@School.example' }],
    ['https://school.example/users/ada', { uid: 'https://school.example/users/ada' }],
  ])('means by %s an email where it looks like one, else a uid', (id, learner) =>
    expect(event(id)).toEqual({ learner, courses: ['golf'] }),
  );

  it('means a course by the whole of its name', () =>
    expect(event('ada', 'https://a.example/golf')?.courses).toEqual(['https://a.example/golf']));

  it.each([
    [long, 'golf'],
    ['ada', long],
  ])('means nobody or nothing by what can be no id', (id, course) => expect(event(id, course)).toBeUndefined());
});

describe('a Caliper event', () => {
  it.each([
    ['ada', { uid: 'ada' }],
    ['https://a.example/users/ada?x=1', { uid: 'https://a.example/users/ada?x=1', shortUid: 'ada' }],
    ['urn:school:ada', { uid: 'urn:school:ada', shortUid: 'ada' }],
    [
      'mailto:ada@school.example',
      { email: 'ada@school.example', uid: 'mailto:ada@school.example', shortUid: 'ada@school.example' },
    ],
    ['https://a.example/users/%00', { uid: 'https://a.example/users/%00' }],
    [`https://a.example/${long}/ada`, { uid: 'ada' }],
  ])('of the actor %s', (id, learner) => expect(activity(id)).toEqual({ learner, courses: ['golf'] }));

  it('of an actor with an email means by that first', () =>
    expect(activity('urn:x:ada', { email: 'a@b.example' })?.learner).toEqual({
      email: 'a@b.example',
      uid: 'urn:x:ada',
      shortUid: 'ada',
    }));

  it.each([
    ['golf', ['golf']],
    ['https://a.example/courses/golf%201/', ['https://a.example/courses/golf%201/', 'golf 1']],
    [`https://a.example/${long}/golf`, ['golf']],
  ])('means the course %s whole, or by its last segment', (course, courses) =>
    expect(activity('ada', { course })?.courses).toEqual(courses),
  );

  it('means nobody or nothing by what can be no id', () =>
    expect([activity(long), activity(null, { email: long }), activity('ada', { course: long })]).toEqual([
      undefined,
      undefined,
      undefined,
    ]));
});

test('whatever is read can be written: ids up to 255 characters, without U+0000', () =>
  fc.assert(
    fc.property(
      fc.webUrl({ withFragments: true }),
      fc.string(),
      fc.constantFrom('caliper', 'events'),
      (url, text, door) => {
        const told = { email: text, learner: `${url}/%00${encodeURIComponent(text.toWellFormed())}`, course: url };
        const read = readTold(door, told);
        const ids = [...Object.values(read?.learner ?? {}), ...(read?.courses ?? [])] as string[];
        expect(ids.filter((id) => id === '' || id.length > 255 || id.includes('\0'))).toEqual([]);
      },
    ),
  ));
