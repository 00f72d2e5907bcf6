import { type Scope, scopes } from './caller';

/** `read` holds `read:course`: the general scopes of the Course Service's document hold their narrower forms. */
export const holds = (held: readonly Scope[], wanted: Scope): boolean =>
  held.includes(wanted) || held.some((scope) => wanted === `${scope}:course`);

export type Grant = { granted: Scope[] } | { refused: string };

/**
 * What a token gets: the scopes that were asked for, each once, or all of the key's when nothing is asked (RFC 6749 §3.3).
 * `refused` is the first that the hub does not know or the key does not hold; nothing is granted then, so that a program
 * learns at once what its key lacks.
 */
export function grantScopes(asked: string | undefined, held: readonly Scope[]): Grant {
  const names = [...new Set(asked?.split(' ').filter(Boolean))];
  if (names.length === 0) return { granted: [...held] };
  const granted: Scope[] = [];
  for (const name of names) {
    if (!isScope(name) || !holds(held, name)) return { refused: name };
    granted.push(name);
  }
  return { granted };
}

const isScope = (name: string): name is Scope => (scopes as readonly string[]).includes(name);
