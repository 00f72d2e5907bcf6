import type { Cmi } from './cmi.rules';

/** What an activity may have of each list: content that counts on for ever is told so. */
export const maxListLength = 5000;

/** What a list of the run-time data has (`interactions`, `objectives`), by index; empty elements are left out. */
export function elementsOf(cmi: Cmi, list: string): Map<string, Record<string, string>> {
  const found = new Map<string, Record<string, string>>();
  const pattern = new RegExp(`^cmi\\.${list}\\.(\\d+)\\.(.+)$`);
  for (const [element, value] of Object.entries(cmi)) {
    const [, index, name] = pattern.exec(element) ?? [];
    if (index === undefined || name === undefined || value === '') continue;
    const one = found.get(index) ?? {};
    one[name] = value;
    found.set(index, one);
  }
  return found;
}
