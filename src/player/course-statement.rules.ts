import { isObject, type JsonObject } from '../statements/shapes.rules';

/** What the vendor's client looks for in place of `object`, by the object's type (its XapiStatement). */
const objectNames: Readonly<Record<string, string>> = {
  Activity: 'objectActivity',
  Agent: 'objectAgentGroup',
  Group: 'objectAgentGroup',
  StatementRef: 'objectStatementReference',
  SubStatement: 'objectSubStatement',
};

/** A statement as the Course Service answers it: whole, and its object once more under the vendor's name for it. */
export function courseStatement(statement: JsonObject): JsonObject {
  const { object } = statement;
  if (!isObject(object)) return statement;
  const { objectType = 'Activity' } = object;
  const shown = objectType === 'SubStatement' ? courseStatement(object) : object;
  const name = objectNames[String(objectType)];
  return { ...statement, object: shown, ...(name === undefined ? {} : { [name]: shown }) };
}
