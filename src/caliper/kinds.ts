/** What an attribute of the model can hold, as data: tables are made of it, `compile-kinds.rules.ts` checks by it. */

/**
 * `entityId` is an IRI or a blank node, `map` an open object, `anything` is not looked at. `integer` and `number` can be negative, `count` starts at 0,
 * `amount` is a number from 0.
 */
export type Scalar =
  | 'text'
  | 'entityId'
  | 'email'
  | 'time'
  | 'duration'
  | 'boolean'
  | 'integer'
  | 'count'
  | 'number'
  | 'amount'
  | 'map'
  | 'anything';

export type Kind =
  | Scalar
  | { oneOf: readonly string[] }
  /** Numbers in a range, both ends included. */
  | { from: number; to: number }
  | { integerFrom: number }
  | { list: Kind }
  /** An entity of one of these types or of a subtype: an object, or its IRI. */
  | { entity: readonly string[] }
  | { shape: Shape }
  /** The member `type` says which shape it is. */
  | { byType: Readonly<Record<string, Shape>> };

/** An object that is no entity: it needs no id. */
export interface Shape {
  members: Readonly<Record<string, Kind>>;
  required: readonly string[];
}

export const text: Kind = 'text';
export const oneOf = (values: readonly string[]): Kind => ({ oneOf: values });
export const list = (kind: Kind): Kind => ({ list: kind });
export const entity = (...types: string[]): Kind => ({ entity: types });
