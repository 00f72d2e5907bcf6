import { type ErrorDetail, invalid, tooLarge } from '../errors';
import { isUuid, type XapiVersion } from './formats.rules';
import { countMembers, surveyJson } from './json-text.rules';
import { type Fault, fault, isObject, type JsonObject } from './shapes.rules';
import { checkStatement } from './statement.rules';

/** Parses statements: one, or a list of them. Throws where it is no JSON, or an object has a member twice (xAPI 1.0.3 Data 2.4). */
export function parseStatements(json: string): unknown {
  const value = parseJson(json);
  const survey = surveyJson(value);
  if ('found' in survey) throw refused([detailOf(survey.found)]);
  // Of two members of one name the first is lost to whoever parses it.
  if (survey.members !== countMembers(json))
    throw invalid('An object of the body has a member of the same name twice.');
  return value;
}

export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw invalid(`The body is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** How many members a value's objects have. Throws where it holds something that cannot be stored. */
export function countStorable(value: unknown): number {
  const survey = surveyJson(value);
  if ('found' in survey) throw refused([detailOf(survey.found)]);
  return survey.members;
}

/** Checks statements that are to be stored together: one or several, each right, no id twice. Throws with the first at fault. */
export function checkStatements(value: unknown, version: XapiVersion, maxStatements: number): JsonObject[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > maxStatements) throw tooLarge(`A request may bring up to ${maxStatements} statements.`);
  const ids = new Set<string>();
  return list.map((statement, index) => {
    const found = checkStatement(statement, version) ?? checkNewId(statement, ids);
    if (found) throw refused([{ ...(Array.isArray(value) ? { index } : {}), ...detailOf(found) }]);
    return statement as JsonObject;
  });
}

function checkNewId(statement: unknown, ids: Set<string>): Fault | undefined {
  const id = isObject(statement) ? statement['id'] : undefined;
  if (typeof id !== 'string' || !isUuid(id)) return undefined;
  if (ids.has(id.toLowerCase())) return fault('is another statement’s of the same request', 'id');
  ids.add(id.toLowerCase());
  return undefined;
}

const detailOf = ({ path, message }: Fault): ErrorDetail => ({ path, message });

const refused = (details: ErrorDetail[]) => invalid('The statement is not as it should be.', { details });
