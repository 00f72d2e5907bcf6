import { forbidden } from '../errors';
import { isObject, type JsonObject } from '../statements/shapes.rules';
import { identityOf } from '../statements/statement-keys.rules';

/** Whose statements a unit's content may send. */
export interface Ownership {
  /** The learner's identifier. */
  learner: string;
  registration: string;
  /** The registration is added to statements that name none. */
  mayOmitRegistration: boolean;
  /** Statements without an id get one. */
  mayOmitId: boolean;
  newId: () => string;
}

/** A statement as it is to be stored, with an id and its registration. Throws forbidden where it is somebody else's. */
export function ownStatement(statement: JsonObject, ownership: Ownership): JsonObject {
  const { learner, registration, mayOmitRegistration, mayOmitId, newId } = ownership;
  if (statement['id'] === undefined && !mayOmitId)
    throw forbidden('A statement has its id from its content (cmi5 9.1).');
  const { actor, context, id = newId() } = statement as { actor: JsonObject; context?: JsonObject; id?: string };
  if (actor['objectType'] === 'Group' || identityOf(actor) !== learner) {
    throw forbidden('The actor has to be the learner for whom the unit was opened.');
  }
  const named = isObject(context) ? (context['registration'] as string | undefined) : undefined;
  if (named === undefined ? !mayOmitRegistration : named.toLowerCase() !== registration) {
    throw forbidden(`context.registration has to be ${registration}.`);
  }
  return { ...statement, id, ...(named === undefined ? { context: { ...context, registration } } : {}) };
}
