import { isIri, isTimestamp, isUuid, microsecondsOf, type XapiVersion } from './formats.rules';
import { surveyJson } from './json-text.rules';
import { type Check, fault, type Fault, type JsonObject } from './shapes.rules';
import { identityOf } from './statement-keys.rules';
import { checkActor } from './statement.rules';

/** A parameter's value, or what is wrong with it: the same rules as for a statement's members (1.0.3 Data 2.2). */
export type Read<T> = { value: T } | { fault: Fault };

const read = <T>(value: T): Read<T> => ({ value });
const wrong = (message: string): { fault: Fault } => ({ fault: fault(message) });

export const readUuid = (text: string): Read<string> =>
  isUuid(text) ? read(text.toLowerCase()) : wrong('must be a UUID');

export const readIri = (text: string): Read<string> =>
  isIri(text) ? read(text) : wrong('must be an IRI with a scheme');

/** Microseconds since 1970. */
export const readTimestamp = (text: string, version: XapiVersion): Read<number> => {
  // A plus sign that was not escaped arrives as a space.
  const plain = text.replace(/ (\d\d:?\d\d)$/, '+$1');
  return isTimestamp(plain, version)
    ? read(microsecondsOf(plain)!)
    : wrong('must be a date and time such as 2026-01-31T12:00:00Z');
};

/** In any case: clients write it as their language does, and xAPI does not say how. */
export function readBoolean(text: string): Read<boolean> {
  const named = text.toLowerCase();
  if (named === 'true' || named === 'false') return read(named === 'true');
  return wrong('must be true or false');
}

export const readWholeNumber = (text: string): Read<number> =>
  /^\d{1,9}$/.test(text) ? read(Number(text)) : wrong('must be a whole number');

/** An agent, or a group that is identified. */
export function readAgent(text: string, check: Check = checkActor): Read<JsonObject> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return wrong('must be an Agent as JSON');
  }
  const survey = surveyJson(value);
  const found = 'found' in survey ? survey.found : check(value);
  if (found) return { fault: found };
  return identityOf(value as JsonObject) === undefined ? wrong('must have an identifier') : read(value as JsonObject);
}
