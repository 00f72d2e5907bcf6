import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import type { Transaction } from '../../src/database/connection';
import { type CollectionPlace, collectSome, startCollection } from '../../src/programs/collect-completions';
import { recordWaiting } from '../../src/programs/relay-completions';
import { caliperApi, newActivity } from '../support/caliper-api';
import { untilSomebodyWaits } from '../support/database';
import { eventOf, eventStore } from '../support/events';
import { startHub, type TestHub } from '../support/hub';
import { ProgramFixture } from '../support/programs';

jest.setTimeout(120_000);

/** Without workers: what they would do is done here, step by step. */
let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

let partners = 0;

async function partner() {
  const eventProgram = `EARLY${(partners += 1)}`;
  const key = await hub.newKey({ programs: [eventProgram] });
  const store = eventStore(hub, key);
  return {
    applicationId: key.applicationId,
    programs: ProgramFixture.of(hub.resources.db, key.applicationId),
    caliper: caliperApi(hub, key),
    put: (id: string, members: object = {}) =>
      store.put(`${eventProgram}-${id}`, eventOf(eventProgram, { EventData: { courseId: id }, ...members })),
    remove: (id: string) => store.delete(`${eventProgram}-${id}`),
  };
}
type Partner = Awaited<ReturnType<typeof partner>>;

const completed = (course: string, id: string = uuid()) =>
  newActivity({
    id: `urn:uuid:${id}`,
    actor: { id: 'https://school.example/users/joebob', type: 'TimebackUser', email: 'joebob@example.com' },
    object: {
      id: 'https://school.example/activities/1',
      type: 'TimebackActivityContext',
      subject: 'Reading',
      app: { name: 'Reader' },
      course: { id: course, name: course },
    },
  });

const beat = (): void => undefined;
const collect = ({ applicationId }: Partner, place: CollectionPlace): Promise<CollectionPlace | null> =>
  collectSome({ applicationId, place }, hub.resources, beat);

const queuedOf = ({ applicationId }: Partner): Promise<string[]> =>
  hub.resources.db('completion_queue').where({ application_id: applicationId }).orderBy('id').pluck('course');
const coursesOf = ({ applicationId }: Partner): Promise<string[]> =>
  hub.resources.db('completions').where({ application_id: applicationId }).orderBy('id').pluck('course_id');
async function record(): Promise<void> {
  while ((await recordWaiting(hub.resources)) > 0);
}

type Hold = (tx: Transaction, by: Partner, eventId: string) => Promise<unknown>;

/** Stops each door's statement after it has looked for the mapping, and before it commits. */
const doors: [string, Hold, (by: Partner, eventId: string) => Promise<{ status: number }>][] = [
  ['of the event store', (tx) => tx.raw('select pg_advisory_xact_lock(7245001)'), (by) => by.put('golf')],
  [
    'of Caliper',
    (tx, { applicationId }, eventId) =>
      tx('caliper_event_ids').insert({
        application_id: applicationId,
        event_id: eventId,
        event_time: tx.fn.now(),
        received_at: tx.fn.now(),
      }),
    ({ caliper }, eventId) => caliper.events(completed('golf', eventId)),
  ],
];

test.each(doors)('an event %s that is being written when the first learner is made is found', async (_, hold, send) => {
  const by = await partner();
  const eventId = uuid();
  const tx = await hub.resources.db.transaction();
  await hold(tx, by, eventId);
  const sent = send(by, eventId);
  await untilSomebodyWaits(hub.resources.db);
  await by.programs.learner();
  let isStarted = false;
  const started = startCollection(hub.resources, beat).finally(() => (isStarted = true));
  await delay(300);
  expect(isStarted).toBe(false);
  await tx.rollback();
  expect((await sent).status).toBe(200);
  expect(await queuedOf(by)).toEqual([]);
  expect(await collect(by, await started)).toBeNull();
  expect(await queuedOf(by)).toEqual(['golf']);
  await record();
});

test('what is collected again, or was queued with its event, is stored once', async () => {
  const by = await partner();
  await by.put('golf');
  await by.caliper.events(completed('putting'));
  await by.programs.learner();
  await by.put('chipping');
  await by.caliper.events(completed('driving'));
  const place = await startCollection(hub.resources, beat);
  expect(await collect(by, place)).toBeNull();
  await record();
  expect(await collect(by, place)).toBeNull();
  await record();
  expect((await coursesOf(by)).sort()).toEqual(['chipping', 'driving', 'golf', 'putting']);
});

test('events that were changed count as they are now, those that were deleted or are of the hub’s types not at all', async () => {
  const by = await partner();
  await by.put('1', { EventData: { courseId: 'golf' } });
  await by.put('1', { EventData: { courseId: 'putting' } });
  await by.put('2', { EventData: { courseId: 'chipping' } });
  await by.remove('2');
  await by.put('3', { EventType: 'AI_COMP_UNSUCCESS', EventData: { courseId: 'driving' } });
  await by.put('4', { EventType: 'AI_STARTED' });
  await by.put('4', { EventData: { courseId: 'pitching' } });
  await by.programs.learner();
  expect(await collect(by, await startCollection(hub.resources, beat))).toBeNull();
  expect(await queuedOf(by)).toEqual(['putting', 'pitching']);
  await record();
});

test('events that come after the beginning are left to whoever writes them', async () => {
  const by = await partner();
  const place = await startCollection(hub.resources, beat);
  await by.put('golf');
  await by.caliper.events(completed('putting'));
  expect(await collect(by, place)).toBeNull();
  expect(await queuedOf(by)).toEqual([]);
});

test('a collection waits while much is queued, and goes on where it was', async () => {
  const by = await partner();
  const courses = Array.from({ length: 1700 }, (_, nth) => `course-${nth}`);
  for (let from = 0; from < courses.length; from += 100) {
    const some = courses.slice(from, from + 100).map((course) => completed(course));
    expect((await by.caliper.events(...some)).status).toBe(200);
  }
  for (let nth = 0; nth < 130; nth += 1) await by.put(`early-${nth}`);
  let place = await startCollection(hub.resources, beat);
  place = (await collect(by, place))!;
  // What is found in one page comes on top.
  expect((await queuedOf(by)).length).toBeLessThan(1500);
  expect(place).toMatchObject({ at: { door: 'caliper' } });
  expect(await collect(by, place)).toEqual(place);
  await record();
  for (let next: CollectionPlace | null = place; next !== null; await record()) next = await collect(by, next);
  const all = [...courses, ...Array.from({ length: 130 }, (_, nth) => `early-${nth}`)];
  expect((await coursesOf(by)).sort()).toEqual(all.sort());
});
