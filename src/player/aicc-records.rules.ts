import { type AiccRecord, parseAiccTable, valueOf } from '../courses/packages/aicc-text';
import { tooLarge } from '../errors';
import { type AiccObjective, firstLetter, objectiveOf } from './aicc-data.rules';
import { elementsOf, maxListLength } from './cmi-lists.rules';
import type { Cmi } from './cmi.rules';

/*
 * What AICC content tells in tables of its performance (CMI001 v4.0, 5.3): a first record that names the fields, then one for each
 * interaction, objective or comment. Records without an id are left out.
 */

type Elements = Readonly<Record<string, string>>;

const types: Readonly<Record<string, string>> = {
  t: 'true-false',
  c: 'choice',
  f: 'fill-in',
  m: 'matching',
  p: 'performance',
  s: 'sequencing',
  l: 'likert',
  n: 'numeric',
};
const results: Readonly<Record<string, string>> = { c: 'correct', w: 'wrong', u: 'unanticipated', n: 'neutral' };

const valuesOf = (elements: Readonly<Record<string, string | undefined>>): Elements =>
  Object.fromEntries(
    Object.entries(elements).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== ''),
  );

/** Adds interactions. One that is there in every part is the same, sent again. */
export const addInteractions = (cmi: Cmi, data: string): Cmi =>
  addNew(
    cmi,
    'interactions',
    parseAiccTable(data).flatMap((record) => (valueOf(record, 'interaction_id') ? [interactionOf(record)] : [])),
  );

function interactionOf(record: AiccRecord): Elements {
  const result = valueOf(record, 'result');
  return valuesOf({
    id: valueOf(record, 'interaction_id'),
    time: valueOf(record, 'time'),
    type: types[firstLetter(valueOf(record, 'type_interaction'))],
    'objectives.0.id': valueOf(record, 'objective_id'),
    'correct_responses.0.pattern': valueOf(record, 'correct_response'),
    student_response: valueOf(record, 'student_response'),
    result: results[firstLetter(result)] ?? result,
    weighting: valueOf(record, 'weighting'),
    latency: valueOf(record, 'latency'),
  });
}

/** Adds comments, each of its own; SCORM 1.2 has but one text of them, and 2004 has this list. */
export const addComments = (cmi: Cmi, data: string): Cmi =>
  addNew(
    cmi,
    'comments_from_learner',
    parseAiccTable(data).flatMap((record) => {
      const comment = valueOf(record, 'comment');
      return comment ? [valuesOf({ comment, location: valueOf(record, 'location') })] : [];
    }),
  );

/** Takes in objectives of a table, as those of a PutParam. */
export const addObjectives = (cmi: Cmi, data: string): Cmi =>
  keepObjectives(
    cmi,
    parseAiccTable(data).flatMap((record) => {
      const id = valueOf(record, 'objective_id') ?? valueOf(record, 'j_id');
      const status = valueOf(record, 'status') ?? valueOf(record, 'j_status');
      return id ? [objectiveOf(id, status, valueOf(record, 'score') ?? valueOf(record, 'j_score'))] : [];
    }),
  );

/** Takes in what objectives are now; one that is there already keeps its place. */
export function keepObjectives(cmi: Cmi, objectives: readonly AiccObjective[]): Cmi {
  const list = elementsOf(cmi, 'objectives');
  const places = new Map([...list].map(([index, { id }]) => [id, Number(index)]));
  let next = nextIndex(list);
  const changes: Record<string, string> = {};
  for (const objective of objectives) {
    const place = places.get(objective['id']) ?? next++;
    places.set(objective['id'], place);
    Object.assign(changes, elementsAt('objectives', place, objective));
  }
  refuseLong('objectives', next);
  return { ...cmi, ...changes };
}

function addNew(cmi: Cmi, name: string, records: readonly Elements[]): Cmi {
  const list = elementsOf(cmi, name);
  const known = new Set([...list.values()].map(signatureOf));
  let next = nextIndex(list);
  const changes: Record<string, string> = {};
  for (const record of records) {
    if (known.has(signatureOf(record))) continue;
    known.add(signatureOf(record));
    Object.assign(changes, elementsAt(name, next++, record));
  }
  refuseLong(name, next);
  return { ...cmi, ...changes };
}

const signatureOf = (elements: Elements): string =>
  JSON.stringify(Object.entries(elements).toSorted(([one], [other]) => (one < other ? -1 : 1)));

const nextIndex = (list: ReadonlyMap<string, unknown>): number =>
  [...list.keys()].reduce((next, index) => Math.max(next, Number(index) + 1), 0);

const elementsAt = (list: string, index: number, elements: Elements): Elements =>
  Object.fromEntries(Object.entries(elements).map(([name, value]) => [`cmi.${list}.${index}.${name}`, value]));

function refuseLong(name: string, length: number): void {
  if (length > maxListLength) throw tooLarge(`An activity has up to ${maxListLength} ${name}.`);
}
