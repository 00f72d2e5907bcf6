import { randomBytes } from 'node:crypto';
import { activityEvent, envelopeOf } from '../../test/support/caliper-events';

export const eventsPerEnvelope = 100;
const learners = 1000;
const courses = 20;

/** An envelope of activities of many learners, as text, in which every event's id can be written anew. */
interface Template {
  text: Buffer;
  /** Where the ids begin. */
  places: readonly number[];
}

function newTemplate(number: number): Template {
  const text = JSON.stringify(
    envelopeOf(
      Array.from({ length: eventsPerEnvelope }, (_, index) => {
        const learner = (number * 37 + index * 11) % learners;
        const event = activityEvent();
        return {
          ...event,
          id: `urn:uuid:${uuidOf(0)}`,
          actor: {
            ...(event.actor as object),
            id: `https://school.example/users/${learner}`,
            email: `learner-${learner}@school.example`,
          },
          object: {
            ...(event.object as object),
            course: { id: `https://school.example/courses/${learner % courses}`, name: 'Reading G3' },
          },
          eventTime: new Date(Date.now() - (number * eventsPerEnvelope + index) * 10).toISOString(),
        };
      }),
    ),
  );
  const mark = `urn:uuid:${uuidOf(0)}`;
  const places: number[] = [];
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) places.push(at + 'urn:uuid:'.length);
  return { text: Buffer.from(text), places };
}

/** Tells the ids of this process from those of others. */
const process = randomBytes(6).toString('hex');

/** As random as ids of version 4 are where an index is concerned: the number's digits are stirred first. */
const uuidOf = (number: number): string =>
  `${stirred(number).toString(16).padStart(8, '0')}-${process.slice(0, 4)}-4000-8000-${number.toString(16).padStart(12, '0')}`;

const stirred = (number: number): number => Math.imul(number, 0x9e3779b1) >>> 0;

const templates = Array.from({ length: 64 }, (_, number) => newTemplate(number));

let made = 0;

/** The next envelope, with ids that nobody has sent. Making it costs next to nothing. */
export function nextEnvelope(): Buffer {
  const { text, places } = templates[made % templates.length]!;
  const body = Buffer.from(text);
  for (let index = 0; index < places.length; index += 1) {
    const number = made * eventsPerEnvelope + index;
    writeHex(body, places[index]!, stirred(number));
    writeHex(body, places[index]! + numberAt, number);
  }
  made += 1;
  return body;
}

/** Where the last eight digits of an id are. */
const numberAt = '00000000-0000-0000-0000-0000'.length;

const digits = Buffer.from('0123456789abcdef');

function writeHex(body: Buffer, at: number, number: number): void {
  for (let digit = 0; digit < 8; digit += 1) body[at + digit] = digits[(number >>> (28 - 4 * digit)) & 15]!;
}

/** Of one event, for those who insert it themselves. */
export const oneEvent = (): { id: string; data: string } => {
  const id = uuidOf((made += 1) + 2 ** 40);
  return { id, data: JSON.stringify(activityEvent({ id: `urn:uuid:${id}` })) };
};
