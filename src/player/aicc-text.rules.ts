/** A group of AICC data (`[Core]`): what follows its name, as it came. */
export type AiccGroups = ReadonlyMap<string, string>;

/** Groups of free text (CMI001 5.1): what looks like a group's name in there is one only where it names a group that there is. */
const freeGroups = ['core_lesson', 'core_vendor', 'comments'];
const knownGroups = new Set([
  ...freeGroups,
  'core',
  'evaluation',
  'student_data',
  'student_demographics',
  'student_preferences',
  'objectives_status',
]);

/** Splits AICC data into its groups, by their names in lower case. Of a group that comes twice the last one counts. */
export function readGroups(data: string): AiccGroups {
  const groups = new Map<string, string>();
  let group = '';
  for (const [line] of data.matchAll(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+/g)) {
    const named = groupNameOf(line);
    if (named !== undefined && (!freeGroups.includes(group) || knownGroups.has(named))) {
      group = named;
      groups.set(group, '');
    } else {
      groups.set(group, (groups.get(group) ?? '') + line);
    }
  }
  return groups;
}

function groupNameOf(line: string): string | undefined {
  const text = line.trim();
  return text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1).trim().toLowerCase() : undefined;
}

/** The free text of a group, without the end of its last line. */
export const freeText = (group: string): string => group.replace(/(?:\r\n|\r|\n)$/, '');

/** The keywords of a group in lower case, with their values. Lines that begin with a semicolon are comments. */
export function readKeywords(group: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of group.split(/\r\n|\r|\n/)) {
    const at = line.indexOf('=');
    const name = line.slice(0, Math.max(0, at)).trim().toLowerCase();
    if (name !== '' && !name.startsWith(';')) values.set(name, line.slice(at + 1).trim());
  }
  return values;
}

/** A value that is to stand on one line. */
export const oneLine = (value: string): string => value.replaceAll(/[\r\n]+/g, ' ');
