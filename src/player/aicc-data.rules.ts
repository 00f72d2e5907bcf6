import { freeText, oneLine, readGroups, readKeywords } from './aicc-text.rules';
import { secondsOf } from './browser/time';
import { elementsOf } from './cmi-lists.rules';
import type { Cmi } from './cmi.rules';

/*
 * AICC's data (CMI001 v4.0, 5.1) and the run-time data that they are kept as: SCORM 1.2's elements, which were made of them. Of
 * words with a closed vocabulary the first letter counts, in any case.
 */

/** Elements that change; undefined: is removed. */
export type CmiChanges = Readonly<Record<string, string | undefined>>;

/** An objective's elements but its place in the list; `id` tells which it is. */
export type AiccObjective = Readonly<Record<string, string>>;

export interface PutParam {
  values: CmiChanges;
  objectives: readonly AiccObjective[];
  /** Of the session so far; undefined where none is told. */
  seconds: number | undefined;
}

/** Reads what content reports. What is not said, and what cannot be read, changes nothing. */
export function readPutParam(data: string): PutParam {
  const groups = readGroups(data);
  const core = readKeywords(groups.get('core') ?? '');
  const [suspendData, comments] = [groups.get('core_lesson'), groups.get('comments')];
  const location = core.get('lesson_location');
  return {
    values: {
      ...readStatus(core.get('lesson_status')),
      ...readScore('cmi.core.score', core.get('score')),
      ...(location === undefined ? {} : { 'cmi.core.lesson_location': location }),
      ...(suspendData === undefined ? {} : { 'cmi.suspend_data': freeText(suspendData) }),
      ...(comments?.trim() ? { 'cmi.comments': freeText(comments) } : {}),
      ...readPreferences(readKeywords(groups.get('student_preferences') ?? '')),
    },
    objectives: readObjectives(readKeywords(groups.get('objectives_status') ?? '')),
    seconds: readTime(core.get('time')),
  };
}

const statuses: Readonly<Record<string, string>> = {
  p: 'passed',
  c: 'completed',
  f: 'failed',
  i: 'incomplete',
  b: 'browsed',
  n: 'not attempted',
};
const exits: Readonly<Record<string, string>> = { l: 'logout', s: 'suspend', t: 'time-out' };

export const firstLetter = (text = ''): string => text.trim().slice(0, 1).toLowerCase();

const statusOf = (text: string | undefined): string | undefined => statuses[firstLetter(text)];

/** `status,flag`. A status without a flag takes an earlier one back: the session goes on. */
function readStatus(text: string | undefined): CmiChanges {
  const [word, flag] = text?.split(',') ?? [];
  const status = statusOf(word);
  return status === undefined ? {} : { 'cmi.core.lesson_status': status, 'cmi.core.exit': exits[firstLetter(flag)] };
}

/** `raw,max,min`, of which the latter may be left out. */
function readScore(prefix: string, text: string | undefined): CmiChanges {
  const [raw, max, min] = (text ?? '').split(',').map(decimalIn);
  return raw === undefined ? {} : { [`${prefix}.raw`]: raw, [`${prefix}.max`]: max, [`${prefix}.min`]: min };
}

const decimalIn = (text: string): string | undefined => /^\s*([+-]?\d{1,15}(?:\.\d{0,15})?)\s*$/.exec(text)?.[1];

/** HHHH:MM:SS.SS */
function readTime(text = ''): number | undefined {
  return /^\d{1,4}:\d{1,2}:\d{1,2}(\.\d{0,6})?$/.test(text) ? secondsOf(text.replace(/\.$/, '')) : undefined;
}

/** Those of SCORM 1.2, and the ones that it has not taken over. */
const preferences = [
  'audio',
  'language',
  'lesson_type',
  'speed',
  'text',
  'text_color',
  'text_location',
  'text_size',
  'video',
];

const readPreferences = (said: ReadonlyMap<string, string>): CmiChanges =>
  Object.fromEntries(
    preferences.flatMap((name) => {
      const value = said.get(name);
      return value ? [[`cmi.student_preference.${name}`, value]] : [];
    }),
  );

/** `J_ID.n`, with the `J_Score.n` and `J_Status.n` of the same number. */
const readObjectives = (said: ReadonlyMap<string, string>): AiccObjective[] =>
  [...said].flatMap(([name, id]) => {
    const number = /^j_id\.(\d{1,6})$/.exec(name)?.[1];
    if (number === undefined || id === '') return [];
    return [objectiveOf(id, said.get(`j_status.${number}`), said.get(`j_score.${number}`))];
  });

export function objectiveOf(id: string, status: string | undefined, score: string | undefined): AiccObjective {
  const word = statusOf(status);
  const scores = Object.entries(readScore('score', score)).filter(([, value]) => value !== undefined);
  return { id, ...(word === undefined ? {} : { status: word }), ...(Object.fromEntries(scores) as AiccObjective) };
}

/** Writes what content asks for (CMI001 5.1.2). */
export function writeGetParam(cmi: Cmi, courseId: string): string {
  const value = (element: string): string => oneLine(cmi[element] ?? '');
  const entry = value('cmi.core.entry');
  return [
    '[Core]',
    `Student_ID=${value('cmi.core.student_id')}`,
    `Student_Name=${value('cmi.core.student_name')}`,
    // Of content that reports by files.
    'Output_File=',
    `Credit=${value('cmi.core.credit')}`,
    `Lesson_Location=${value('cmi.core.lesson_location')}`,
    `Lesson_Mode=${value('cmi.core.lesson_mode')}`,
    `Lesson_Status=${value('cmi.core.lesson_status')}${entry && `,${entry}`}`,
    `Score=${scoreOf(cmi, 'cmi.core.score')}`,
    `Time=${value('cmi.core.total_time')}`,
    '[Core_Lesson]',
    cmi['cmi.suspend_data'] ?? '',
    '[Core_Vendor]',
    cmi['cmi.launch_data'] ?? '',
    '[Evaluation]',
    `Course_ID=${oneLine(courseId)}`,
    '[Student_Data]',
    ...linesOf(cmi, 'cmi.student_data', ['mastery_score', 'max_time_allowed', 'time_limit_action']),
    '[Student_Preferences]',
    ...linesOf(cmi, 'cmi.student_preference', preferences),
    '[Objectives_Status]',
    ...objectiveLines(cmi),
    '',
  ].join('\r\n');
}

/** Keywords of those elements that there are. */
const linesOf = (cmi: Cmi, prefix: string, names: readonly string[]): string[] =>
  names.flatMap((name) => lineOf(titled(name), oneLine(cmi[`${prefix}.${name}`] ?? '')));

const lineOf = (name: string, value: string): string[] => (value === '' ? [] : [`${name}=${value}`]);

const titled = (name: string): string => name.replaceAll(/(^|_)[a-z]/g, (letter) => letter.toUpperCase());

const scoreOf = (cmi: Cmi, prefix: string): string =>
  ['raw', 'max', 'min']
    .map((name) => cmi[`${prefix}.${name}`] ?? '')
    .join(',')
    .replace(/,+$/, '');

const objectiveLines = (cmi: Cmi): string[] =>
  [...elementsOf(cmi, 'objectives')].flatMap(([index, { id, status = '' }]) => {
    const number = Number(index) + 1;
    if (id === undefined) return [];
    return [
      `J_ID.${number}=${oneLine(id)}`,
      ...lineOf(`J_Score.${number}`, scoreOf(cmi, `cmi.objectives.${index}.score`)),
      ...lineOf(`J_Status.${number}`, status),
    ];
  });
