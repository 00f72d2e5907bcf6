import { v7 as uuid } from 'uuid';
import { insertApplication } from '../../src/applications/applications.store';
import { EnvelopeWriter } from '../../src/caliper/envelope-writer';
import type { Envelope } from '../../src/caliper/envelope.rules';
import { listEvents } from '../../src/caliper/events.store';
import { type NewEnvelope, newEnvelope } from '../../src/caliper/new-events';
import { connectDatabase, type Database } from '../../src/database/connection';
import { createLogger } from '../../src/log';
import { defaultMapping, readerOf } from '../../src/programs/completion-mapping.rules';
import { newActivity, newEventId } from '../support/caliper-api';
import { envelopeOf, type Item, person } from '../support/caliper-events';
import { createDatabase, type TestDatabase } from '../support/database';

jest.setTimeout(120_000);

let database: TestDatabase;
let other: Database;
/** Two processes, as far as the database can tell. */
let writers: EnvelopeWriter[];
let application: string;

beforeAll(async () => {
  database = await createDatabase();
  other = connectDatabase(database.url, 4);
  const log = createLogger('test', 'silent');
  writers = [database.db, other].map((db) => new EnvelopeWriter({ db, log, wake: () => undefined }, 2 ** 20));
});
beforeEach(async () => {
  application = uuid();
  await insertApplication(database.db, application, application);
});
afterAll(async () => {
  await other.destroy();
  await database.drop();
});

function prepared(items: readonly Item[], applicationId = application): NewEnvelope {
  const envelope = envelopeOf(items) as unknown as Envelope;
  const judged = {
    envelope,
    events: items.flatMap((item, index) => ('action' in item ? [index] : [])),
    entities: items.flatMap((item, index) => ('action' in item ? [] : [index])),
  };
  return newEnvelope(applicationId, judged, Buffer.from(JSON.stringify(envelope)), readerOf(defaultMapping));
}

const withXp = (id: string, value: number, learner = 'ada'): Item =>
  newActivity({
    id,
    actor: { id: `https://a.example/${learner}`, type: 'TimebackUser', email: `${learner}@a.example` },
    generated: {
      id: 'https://a.example/1',
      type: 'TimebackActivityMetricsCollection',
      items: [{ type: 'xpEarned', value }],
    },
  });

const xpOf = async (learner: string): Promise<number> => {
  const [row] = await database
    .db('caliper_totals')
    .where({ application_id: application, learner })
    .sum<{ sum: string | null }[]>('xp');
  return Number(row?.sum ?? 0);
};

const storedIds = async (): Promise<string[]> =>
  (await database.db('caliper_events').where({ application_id: application }).select('event_id')).map(
    ({ event_id }: { event_id: string }) => `urn:uuid:${event_id}`,
  );

/** A small generator, so that a failure comes again with its seed (mulberry32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

describe('many envelopes at once', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'store each event once, whole envelopes only, and totals that are the sum over what is stored (seed %i)',
    async (seed) => {
      const random = randomFrom(seed);
      const ids = Array.from({ length: 60 }, newEventId);
      // Of each id there are two contents: whoever comes first decides which it is.
      const content = ids.map((id, index) => [withXp(id, 1 + index), withXp(id, 1000 + index)] as const);
      const sent = Array.from({ length: 120 }, () =>
        Array.from({ length: 1 + random(6) }, () => content[random(ids.length)]![random(8) === 0 ? 1 : 0]),
      );
      const outcomes = await Promise.all(
        sent.map((items, index) => writers[index % writers.length]!.store(prepared([...items, person()]))),
      );
      const { rows } = await listEvents(
        database.db,
        { applicationId: application },
        { after: undefined, offset: 0, limit: 1000, maxBytes: 1e9 },
      );
      const kept = new Map(rows.map(({ data }) => [(JSON.parse(data) as { id: string }).id, data]));
      expect(kept.size).toBe(rows.length);
      const accepted = new Set<string>();
      outcomes.forEach(({ conflicts, stored, repeated }, index) => {
        const items = sent[index]!;
        expect(stored + (conflicts.length > 0 ? 0 : repeated)).toBe(conflicts.length > 0 ? 0 : items.length);
        if (conflicts.length > 0) return;
        for (const item of items) {
          accepted.add(JSON.stringify(item));
        }
      });
      expect(new Set(kept.values())).toEqual(accepted);
      expect(outcomes.reduce((sum, { stored }) => sum + stored, 0)).toBe(kept.size);
      const sum = [...kept.values()].reduce((total, text) => {
        const { generated } = JSON.parse(text) as { generated: { items: { value: number }[] } };
        return total + generated.items[0]!.value;
      }, 0);
      expect(await xpOf('ada@a.example')).toBe(sum);
      expect(await xpOf('')).toBe(sum);
    },
  );

  it('are not held up by one with a conflict among them', async () => {
    const first = withXp(newEventId(), 1);
    await writers[0]!.store(prepared([first]));
    const fresh = Array.from({ length: 20 }, () => withXp(newEventId(), 1));
    const outcomes = await Promise.all(
      fresh.map((event, index) =>
        writers[0]!.store(prepared(index === 7 ? [event, { ...first, eventTime: '2026-05-05T05:05:05Z' }] : [event])),
      ),
    );
    expect(outcomes.map(({ stored, conflicts }) => [stored, conflicts.length])).toEqual(
      fresh.map((_, index) => (index === 7 ? [0, 1] : [1, 0])),
    );
    expect((await storedIds()).sort((a, b) => a.localeCompare(b))).toEqual(
      [first, ...fresh.filter((_, index) => index !== 7)]
        .map((event) => String(event['id']))
        .sort((a, b) => a.localeCompare(b)),
    );
  });

  it('do not fail with one that Postgres cannot take', async () => {
    const events = Array.from({ length: 6 }, () => withXp(newEventId(), 1));
    const broken = prepared([events[3]!]);
    broken.sendTime = 'never';
    const outcomes = await Promise.allSettled(
      events.map((event, index) => writers[0]!.store(index === 3 ? broken : prepared([event]))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(await xpOf('ada@a.example')).toBe(5);
  });

  it('of the same learners by two processes never wait for each other in a circle', async () => {
    const learners = ['ada', 'bob', 'cleo', 'dan'];
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        const names = index % 2 ? learners : [...learners].reverse();
        const items = names.map((name) => withXp(newEventId(), 1, name));
        const people = names.map((name) => person({ id: `https://a.example/${name}` }));
        return writers[index % 2]!.store(prepared([...items, ...people]));
      }),
    );
    for (const name of learners) expect(await xpOf(`${name}@a.example`)).toBe(100);
  });
});
