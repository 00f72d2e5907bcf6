import { readFileSync } from 'node:fs';
import path from 'node:path';
import { requirements } from './requirements';

/** What a file says outside its comments. */
const codeOf = (file: string): string =>
  readFileSync(path.join(__dirname, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

describe('the map of requirements', () => {
  const entries = Object.entries(requirements);
  const code = new Map(
    entries.flatMap(([, where]) => (typeof where === 'string' ? [where] : [])).map((file) => [file, codeOf(file)]),
  );

  it('has each from XAPI-00001 to XAPI-00336', () => {
    const all = Array.from({ length: 336 }, (_, index) => `XAPI-${String(index + 1).padStart(5, '0')}`);
    expect(Object.keys(requirements).toSorted()).toEqual(all);
  });

  it('leads to tests whose titles name the requirement', () => {
    const missing = entries.filter(([id, where]) => typeof where === 'string' && !code.get(where)!.includes(id));
    expect(missing).toEqual([]);
  });

  it('says why where there is none', () => {
    const reasons = entries.flatMap(([, where]) => (typeof where === 'string' ? [] : where.not));
    expect(reasons.filter((reason) => !/^[A-Z].{20,}\.$/.test(reason))).toEqual([]);
  });
});
