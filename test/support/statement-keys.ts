/** What `keyOf` makes of a value, as SQL: of the application that is bound as `application`. `value` is SQL too. */
export const sqlKey = (kind: string, value: string): string =>
  `left(encode(sha256(convert_to(:application || ' ${kind} ' || ${value}, 'UTF8')), 'hex'), 32)::uuid`;
