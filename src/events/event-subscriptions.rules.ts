import type { FeedEntry } from './events.schemas';

type Scalar = string | number | boolean | null;

/** Members of an event, with dots for those inside (`EventData.courseId`), and the value or values that each may have. */
export type EventFilter = Readonly<Record<string, Scalar | readonly Scalar[]>>;

export interface Interest {
  /** Null: all. */
  types: readonly string[] | null;
  filter: EventFilter;
}

/**
 * Whether a subscriber wants a change. A tombstone says neither type nor data: it goes to whoever reads the program, so that
 * nobody keeps what was deleted.
 */
export function wants({ types, filter }: Interest, entry: FeedEntry): boolean {
  if (entry.Deleted) return true;
  if (types !== null && !types.includes(entry.EventType)) return false;
  return Object.entries(filter).every(([path, wanted]) => fits(memberAt(entry, path), wanted));
}

function memberAt(entry: object, path: string): unknown {
  let value: unknown = entry;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

const fits = (value: unknown, wanted: EventFilter[string]): boolean =>
  isList(wanted) ? wanted.some((one) => one === value) : wanted === value;

const isList = (wanted: EventFilter[string]): wanted is readonly Scalar[] => Array.isArray(wanted);
