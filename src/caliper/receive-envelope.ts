import { type AppError, invalid } from '../errors';
import { getCompletionReader } from '../programs/completion-mapping';
import type { Resources } from '../resources';
import { writerOf } from './envelope-writer';
import type { EnvelopeAnswer } from './envelope.schemas';
import { observeItems } from './event-metrics';
import { detailsOf, judgeEnvelope, type JudgedEnvelope, type JudgeSettings, maxListed } from './judge-envelope';
import { newEnvelope } from './new-events';
import type { Outcome } from './plan-batch.rules';
import { isObject, type Problem } from './problems.rules';

/**
 * Takes an envelope in, whole or not at all; answers after the commit. `json` is what `body` was read from. Throws as
 * `judgeEnvelope`, and `invalid` for conflicts.
 */
export async function receiveEnvelope(
  applicationId: string,
  body: unknown,
  json: Buffer,
  resources: Pick<Resources, 'db' | 'log' | 'wake' | 'config' | 'completionMappings'>,
): Promise<EnvelopeAnswer> {
  const judged = judge(body, json, resources.config.caliper);
  const { events, entities, warnings, warned } = judged;
  const completions = await getCompletionReader(applicationId, resources);
  const outcome = await writerOf(resources).store(newEnvelope(applicationId, judged, json, completions));
  if (outcome.conflicts.length > 0) {
    observeItems('refused', events.length + entities.length);
    throw conflict(outcome.conflicts, events.length);
  }
  observeItems('stored', outcome.stored);
  observeItems('repeated', outcome.repeated);
  observeItems('described', outcome.entities);
  return { status: 'success', message: sentence(outcome, events.length, warned), errors: warnings };
}

function judge(body: unknown, json: Buffer, settings: JudgeSettings): JudgedEnvelope {
  try {
    return judgeEnvelope(body, json, settings);
  } catch (error) {
    observeItems('refused', isObject(body) && Array.isArray(body.data) ? body.data.length : 0);
    throw error;
  }
}

function conflict(conflicts: readonly Problem[], events: number): AppError {
  const message = `${conflicts.length} of ${counted(events, 'event')} cannot be stored under this id; nothing was stored.`;
  return invalid(message, { details: detailsOf(conflicts.slice(0, maxListed)) });
}

/** The same without storing anything. Ids are not looked up. */
export function validateEnvelope(body: unknown, json: Buffer, { config }: Pick<Resources, 'config'>): EnvelopeAnswer {
  const { events, entities, warnings, warned } = judgeEnvelope(body, json, config.caliper);
  const message = [`${countedItems(events.length, entities.length)} can be stored; nothing was.`, ...warning(warned)];
  return { status: 'success', message: message.join(' '), errors: warnings };
}

function sentence({ stored, repeated, entities }: Outcome, all: number, warned: number): string {
  const were = repeated === 1 ? 'was' : 'were';
  return [
    `${countedItems(stored, entities)} stored.`,
    ...(repeated > 0 ? [`${repeated} of ${counted(all, 'event')} ${were} there already.`] : []),
    ...warning(warned),
  ].join(' ');
}

const warning = (warned: number): string[] =>
  warned > 0 ? [`${counted(warned, 'problem')} with what Caliper says of these items; see errors.`] : [];

const countedItems = (events: number, entities: number): string =>
  entities > 0
    ? `${counted(events, 'event')} and ${counted(entities, 'entity', 'entities')}`
    : counted(events, 'event');

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
