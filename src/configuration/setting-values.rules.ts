import type { Setting } from './catalogue';
import type { DataType } from './catalogue/setting';

/** A value as it is kept, or what it has to be instead: "a whole number from 0 to 2147483647". */
export type ReadValue = { value: string } | { expected: string };

/** Integers are those of 32 bits, as in the vendor's engine. */
const maxInt = 2 ** 31 - 1;

/**
 * Reads a value of a setting from its text on the wire. What can be written in several ways is kept in one: bools and
 * listed values as the catalogue spells them (`true` for a setting with YES and NO is YES), numbers without leading zeros.
 */
export function readValue(setting: Setting, text: string): ReadValue {
  if (setting.validValues) {
    return oneOf(
      setting.validValues.map(({ value }) => value),
      text,
    );
  }
  return readers[setting.dataType]?.(text, setting) ?? { value: text };
}

const readers: Readonly<Partial<Record<DataType, (text: string, setting: Setting) => ReadValue>>> = {
  bool: readBool,
  int: (text) => readInt(text, -(2 ** 31)),
  positiveInt: (text) => readInt(text, 1),
  nonNegativeInt: (text) => readInt(text, 0),
  nullableDouble: readDouble,
  webPath: readWebPath,
  languageList: (text) => readJson(text, 'a JSON list', Array.isArray),
  mergedJson: (text) => (text === '' ? { value: '' } : readJson(text, 'a JSON object, or empty', isObject)),
};

function oneOf(values: readonly string[], text: string): ReadValue {
  const value = values.find((candidate) => candidate.toLowerCase() === text.trim().toLowerCase());
  return value === undefined ? { expected: `one of ${values.join(', ')}` } : { value };
}

const meanings: Readonly<Record<string, boolean>> = { yes: true, true: true, no: false, false: false };

function readBool(text: string, setting: Setting): ReadValue {
  const [yes, no] = setting.default === 'YES' || setting.default === 'NO' ? ['YES', 'NO'] : ['true', 'false'];
  const word = text.trim().toLowerCase();
  if (!Object.hasOwn(meanings, word)) return { expected: `${yes} or ${no}` };
  return { value: meanings[word] ? yes : no };
}

function readInt(text: string, least: number): ReadValue {
  const digits = text.trim();
  const number = /^-?\d{1,20}$/.test(digits) ? Number(digits) : NaN;
  if (!(number >= least && number <= maxInt)) return { expected: `a whole number from ${least} to ${maxInt}` };
  return { value: number.toFixed(0).replace(/^-0$/, '0') };
}

function readDouble(text: string): ReadValue {
  const digits = text.trim();
  if (digits === '') return { value: '' };
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(digits) ? Number(digits) : NaN;
  return Number.isFinite(number) ? { value: String(number) } : { expected: 'a number, or empty for none' };
}

/** A browser is sent there, so a scheme that runs script is refused. */
function readWebPath(text: string): ReadValue {
  const path = text.trim();
  const isSafe = /^https?:\/\/[^\s/]/i.test(path) || !/^[^/?#]*:/.test(path);
  const isPlain = !/[\s\\\p{Cc}]/u.test(path);
  return isSafe && isPlain ? { value: path } : { expected: 'an http or https URL or a path, without spaces' };
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

function readJson(text: string, expected: string, fits: (value: unknown) => boolean): ReadValue {
  try {
    return fits(JSON.parse(text)) ? { value: text } : { expected };
  } catch {
    return { expected };
  }
}
