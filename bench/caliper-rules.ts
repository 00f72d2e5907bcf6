import { readActivity } from '../src/caliper/activity.rules';
import { checkItem } from '../src/caliper/check-item.rules';
import { readEnvelope } from '../src/caliper/envelope.rules';
import { findItems } from '../src/caliper/item-places.rules';
import { hasEscapes } from '../src/caliper/storable.rules';
import { activityEvent, envelopeOf, type Item, validEvents } from '../test/support/caliper-events';
import { machine, median, table } from './report';

const itemsPerEnvelope = 100;
const rounds = 15;
const envelopesPerRound = 100;

const mixed = Object.values(validEvents);

const bodies: readonly (readonly [string, (number: number) => Item])[] = [
  ['activities of the TimebackProfile', () => activityEvent()],
  ['every type of event in turn', (number) => mixed[number % mixed.length]!()],
];

/** All that is judged about a body. The answer is the number of problems: none. */
function judge(body: unknown, json: Buffer): number {
  const withTexts = hasEscapes(json);
  const read = readEnvelope(body, { maxItems: itemsPerEnvelope });
  if (!('envelope' in read)) throw new Error('The envelope of the benchmark is not valid.');
  let problems = 0;
  read.envelope.data.forEach((item, index) => {
    const { structural, profile } = checkItem(item, index, withTexts);
    problems += structural.length + profile.length;
  });
  return problems;
}

/** What is kept of a body's items: where they lie, and what they say of a learner's work. */
function keep(body: unknown, json: Buffer): number {
  const { data } = body as { data: readonly unknown[] };
  return data.reduce<number>(
    (sum, item) => sum + Number(readActivity(item).learner.id !== undefined),
    findItems(json).length,
  );
}

/** Events a second on one core, the median of the rounds. */
function rate(work: () => void): number {
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    for (let i = 0; i < envelopesPerRound; i += 1) work();
    rates.push((envelopesPerRound * itemsPerEnvelope) / ((performance.now() - started) / 1000));
  }
  return Math.round(median(rates) / 1000) * 1000;
}

/** How fast envelopes are judged, without HTTP and database, beside reading their JSON. */
export function benchCaliperRules(): Promise<string> {
  const rows = bodies.map(([name, make]) => {
    const text = JSON.stringify(envelopeOf(Array.from({ length: itemsPerEnvelope }, (_, number) => make(number))));
    const json = Buffer.from(text);
    const body: unknown = JSON.parse(text);
    const steps = [() => JSON.parse(text), () => judge(body, json), () => keep(body, json)];
    const all = (): void => {
      const parsed: unknown = JSON.parse(text);
      judge(parsed, json);
      keep(parsed, json);
    };
    const rates = [...steps, all].map((step) => rate(step).toLocaleString('en'));
    return [name, `${(text.length / itemsPerEnvelope / 1000).toFixed(1)} kB`, ...rates];
  });
  const head = ['100 to an envelope', 'each', 'JSON.parse', 'checked', 'found and read', '**all of it**'];
  return Promise.resolve(
    `## Judging Caliper events\n\n${machine()}\n\nEvents a second on one core; median of ${rounds} rounds. No HTTP, no ` +
      `database: the rules alone, beside reading the same JSON.\n\n${table(head, rows)}`,
  );
}
