import { InvalidArgumentError } from 'commander';
import { findByNameOrId } from './applications';
import type { HubClient } from './hub-client';
import { readSince } from './since.rules';

/** A whole number; the hub knows which ones it takes. */
export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number.');
}

export const pastTime = (text: string): string => readSince(text, new Date());

/** `?a=1&b=2` of those that are given; nothing of none. */
export function queryOf(values: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? '' : `?${query.toString()}`;
}

/** `application_id` of the application that was named, by name or by id. */
export const applicationOf = async (
  client: HubClient,
  app: string | undefined,
): Promise<{ application_id?: string }> =>
  app === undefined ? {} : { application_id: (await findByNameOrId(client, app)).id };
