import type { Static } from '@sinclair/typebox';
import type { JsonObject } from './shapes.rules';
import type { Person } from './xapi.schemas';

/** A person of whom no more is known than one agent, with the names that it was given (1.0.3 Communication 2.4). */
export function personOf(agent: JsonObject, names: readonly string[]): Static<typeof Person> {
  const { objectType: _, name, ...identifier } = agent;
  const all = [...new Set([...(typeof name === 'string' ? [name] : []), ...names])];
  return {
    objectType: 'Person',
    ...(all.length > 0 ? { name: all } : {}),
    ...Object.fromEntries(Object.entries(identifier).map(([member, value]) => [member, [value]])),
  };
}
