import { isDuration, secondsOfDuration } from '../statements/formats.rules';
import { roundScore } from './quality-metrics.rules';

/** How learners used a course, all of them together. */
export interface CourseUse {
  /** In which something of the course was opened. */
  registrations: number;
  seconds: number;
  /** Registrations that lasted a minute, or ended with the course completed. */
  stayed: number;
  /** What the content recorded of answers (cmi.interactions). */
  interactions: number;
  /** As the course's metadata has it. */
  typicalTime: string | null;
}

/** Time, permanency and click frequency, each from 0 to 10. */
export type InteractionQuality = readonly [number, number, number];

/** Where the course does not say how long it takes. */
const usualSeconds = 600;
/** Interactions a minute for which there is a ten. */
const fullRate = 2;

/**
 * The items of the model Interaction Quality, with two decimals; undefined while nobody has used the course. The rule is the hub's
 * own; docs/learning-objects.md tells it to its users.
 */
export function interactionQuality(use: CourseUse): InteractionQuality | undefined {
  const { registrations, seconds, stayed, interactions, typicalTime } = use;
  if (registrations === 0) return undefined;
  const time = seconds / registrations / typicalSeconds(typicalTime);
  const rate = seconds > 0 ? interactions / (seconds / 60) : 0;
  return [item(time), item(stayed / registrations), item(rate / fullRate)];
}

const item = (share: number): number => roundScore(10 * Math.min(1, share));

/** Metadata have ISO 8601 durations, older ones a time of hours, minutes and seconds. */
function typicalSeconds(text: string | null): number {
  const seconds = text === null ? 0 : secondsOf(text.trim());
  return seconds > 0 ? seconds : usualSeconds;
}

function secondsOf(text: string): number {
  if (isDuration(text)) return secondsOfDuration(text);
  const [, hours, minutes, seconds] = /^(\d{1,4}):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text) ?? [];
  return hours === undefined ? 0 : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
