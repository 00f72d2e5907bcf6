/** A record of an AICC table, by its columns' names in lower case. A name that stands several times has several values. */
export type AiccRecord = ReadonlyMap<string, readonly string[]>;

/**
 * Reads a table of an AICC course (.au, .des, .cst, .pre, .ort): comma-separated values, quoted or not, its first line naming
 * the columns in any order and case (CMI001 6.0). Values beyond the last column belong to it: .cst files name `member` once.
 */
export function parseAiccTable(text: string): AiccRecord[] {
  const [header = [], ...rows] = parseCsv(text);
  const names = header.map((name) => name.toLowerCase());
  return rows.map((row) => {
    const record = new Map<string, string[]>();
    for (const [index, value] of row.entries()) {
      const name = names[Math.min(index, names.length - 1)];
      if (name === undefined || value === '') continue;
      const values = record.get(name);
      if (values) values.push(value);
      else record.set(name, [value]);
    }
    return record;
  });
}

/** The first value of a column; undefined when it is blank or missing. */
export const valueOf = (record: AiccRecord | undefined, column: string): string | undefined => record?.get(column)?.[0];

/**
 * Rows of trimmed values. Quotes may hold commas, line breaks and doubled quotes; one that is never closed, or is followed by
 * more text, is read as a plain character. Lines without a value are left out.
 */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const value = /[ \t]*(?:"([^"]*(?:""[^"]*)*)"[ \t]*(?=[,\r\n]|$)|([^,\r\n]*))(,|\r\n|\n|\r|$)/gy;
  for (const [, quoted, bare = '', end] of text.matchAll(value)) {
    rows.at(-1)?.push((quoted?.replaceAll('""', '"') ?? bare).trim());
    if (end !== ',') rows.push([]);
  }
  return rows.filter((row) => row.some((cell) => cell !== ''));
}

/** A .crs file: its keys by section and name in lower case, and the free text of each section. */
export interface AiccCourseFile {
  get(section: string, key: string): string | undefined;
  /** What stands in a section as prose: all its lines ([Course_Description]). */
  textOf(section: string): string | undefined;
}

/** Reads the INI form of a .crs file (CMI001 6.2): `[Section]`, `Key=Value`; lines without a key go on with the value before. */
export function parseAiccCourse(text: string): AiccCourseFile {
  const values = new Map<string, string>();
  const sections = new Map<string, string[]>();
  let section = '';
  let key = '';
  for (const line of text.split(/\r\n|\n|\r/)) {
    const header = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1];
    if (header !== undefined) {
      section = header.trim().toLowerCase();
      key = '';
      continue;
    }
    const lines = sections.get(section);
    if (lines) lines.push(line);
    else sections.set(section, [line]);
    const [, name, value = ''] = /^\s*([A-Za-z][\w ]*?)\s*=(.*)$/.exec(line) ?? [];
    if (name !== undefined) key = `${section}/${name.toLowerCase()}`;
    if (key === '' || line.trimStart().startsWith(';')) continue;
    values.set(key, name === undefined ? `${values.get(key) ?? ''}\n${line}` : value);
  }
  return {
    get: (name, wanted) => values.get(`${name}/${wanted}`)?.trim() || undefined,
    textOf: (name) => sections.get(name)?.join('\n').trim() || undefined,
  };
}
