import type { ToldCompletion } from '../programs/completion-mapping.rules';
import { contentHash } from './content-hash.rules';
import { type NewEntity, type NewEnvelope, type NewEvent, textOf } from './new-events';
import type { Problem } from './problems.rules';

/** An event that is stored. */
export interface KnownEvent {
  /** As JSON; null where it was removed meanwhile. */
  data: string | null;
}

export interface Outcome {
  stored: number;
  /** Events that were there already, with the same content. */
  repeated: number;
  entities: number;
  /** Events whose id stands for another content; of such an envelope nothing is stored. */
  conflicts: Problem[];
}

/** What a batch of envelopes comes to, before it is written. */
export interface BatchPlan {
  /** For each envelope, in their order. */
  outcomes: Outcome[];
  /** Those that bring events, in their order, each with the ones that are new. */
  envelopes: PlannedEnvelope[];
  /** In the order of their keys, as all processes write them, so that none waits for another in a circle. */
  entities: NewEntity[];
}

export interface PlannedEnvelope extends NewEnvelope {
  /** In their order. At least one. */
  events: NewEvent[];
}

export type CompletingEvent = NewEvent & { completion: ToldCompletion };

/** The events of a plan that say that something was completed. */
export const completingEvents = ({ envelopes }: Pick<BatchPlan, 'envelopes'>): CompletingEvent[] =>
  envelopes.flatMap(({ events }) => events.filter((event): event is CompletingEvent => event.completion !== undefined));

export const eventKey = ({ applicationId, eventId }: { applicationId: string; eventId: string }): string =>
  applicationId + eventId;

const reasons = {
  stored: 'stands for an event that was stored before, with other content: events are never changed, send a new one',
  envelope: 'stands for another event of this envelope, with other content: give each an id of its own',
} as const;

/** Decides for each envelope, in their order, what of it is new. An envelope is taken whole or not at all. */
export function planBatch(envelopes: readonly NewEnvelope[], stored: ReadonlyMap<string, KnownEvent>): BatchPlan {
  const accepted = new Map<string, NewEvent>();
  const planned: PlannedEnvelope[] = [];
  const entities = new Map<string, NewEntity>();
  const outcomes = envelopes.map((envelope) => {
    const { fresh, ...outcome } = judge(envelope, (key) => accepted.get(key) ?? stored.get(key));
    if (outcome.conflicts.length > 0) return { ...outcome, stored: 0, entities: 0 };
    for (const [key, event] of fresh) accepted.set(key, event);
    for (const entity of envelope.entities) entities.set(entity.applicationId + entity.key, entity);
    if (fresh.size > 0) planned.push({ ...envelope, events: [...fresh.values()] });
    return { ...outcome, stored: fresh.size };
  });
  return { outcomes, envelopes: planned, entities: inOrder(entities) };
}

function judge({ events, entities }: NewEnvelope, find: (key: string) => KnownEvent | NewEvent | undefined) {
  const fresh = new Map<string, NewEvent>();
  const conflicts: Problem[] = [];
  let repeated = 0;
  for (const event of events) {
    const key = eventKey(event);
    const known = find(key);
    const before = known ?? fresh.get(key);
    if (before === undefined) fresh.set(key, event);
    else if (isSame(before, event)) repeated += 1;
    else conflicts.push({ index: event.index, path: 'id', reason: reasons[known ? 'stored' : 'envelope'] });
  }
  return { fresh, repeated, conflicts, entities: entities.length };
}

/** By the text, and where that differs by what it says. */
function isSame(known: KnownEvent | NewEvent, event: NewEvent): boolean {
  const before = 'data' in known ? known.data : textOf(known);
  const now = textOf(event);
  return before === null || before === now || contentHash(JSON.parse(before)).equals(contentHash(JSON.parse(now)));
}

const inOrder = <T>(byKey: ReadonlyMap<string, T>): T[] =>
  [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
