import { randomBytes } from 'node:crypto';
import { activityEvent, envelopeOf } from '../../test/support/caliper-events';

export const eventsPerEnvelope = 100;
const learners = 1000;
const courses = 20;

const idLength = 36;

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
          id: `urn:uuid:${'0'.repeat(idLength)}`,
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
  const mark = `urn:uuid:${'0'.repeat(idLength)}`;
  const places: number[] = [];
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) places.push(at + 'urn:uuid:'.length);
  return { text: Buffer.from(text), places };
}

const templates = Array.from({ length: 64 }, (_, number) => newTemplate(number));

let made = 0;
/** Tells the ids of this process from those of others. */
const process = randomBytes(6).toString('hex');

/** The next envelope, with ids that nobody has sent. Making it costs next to nothing. */
export function nextEnvelope(): Buffer {
  const { text, places } = templates[made % templates.length]!;
  const body = Buffer.from(text);
  for (const [index, place] of places.entries()) body.write(uuidOf(made * eventsPerEnvelope + index), place, 'latin1');
  made += 1;
  return body;
}

/** As random as ids of version 4 are where an index is concerned: the number's digits are stirred first. */
function uuidOf(number: number): string {
  const stirred = Math.imul(number, 0x9e3779b1) >>> 0;
  const hex = stirred.toString(16).padStart(8, '0');
  return `${hex}-${process.slice(0, 4)}-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** Of one event, for those who insert it themselves. */
export const oneEvent = (): { id: string; data: string } => {
  const id = uuidOf((made += 1) + 2 ** 40);
  return { id, data: JSON.stringify(activityEvent({ id: `urn:uuid:${id}` })) };
};
