import { readFileSync } from 'node:fs';
import path from 'node:path';
import { requirements } from './requirements';

/** What a test file says outside its comments. */
const codeOf = (file: string): string =>
  readFileSync(path.join(__dirname, '../..', file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

const names = (code: string, id: string): boolean =>
  new RegExp(`(?<![\\d.])${id.replace(/[.()]/g, '\\$&')}(?!\\d)`).test(code);

describe('the map of cmi5’s requirements', () => {
  const entries = Object.entries(requirements);

  it('has each of them', () => {
    const file = require.resolve('@cmi5/requirements/requirements.json');
    const all = Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object);
    expect(all.length).toBeGreaterThan(300);
    expect(Object.keys(requirements).toSorted()).toEqual(all.toSorted());
  });

  it('leads to tests whose titles name the requirement', () => {
    const files = new Set(entries.flatMap(([, where]) => (typeof where === 'string' ? [where] : [])));
    const code = new Map([...files].map((file) => [file, codeOf(file)]));
    const missing = entries.filter(([id, where]) => typeof where === 'string' && !names(code.get(where)!, id));
    expect(missing).toEqual([]);
  });

  it('says why where there is none', () => {
    const reasons = entries.flatMap(([, where]) => (typeof where === 'string' ? [] : where.not));
    expect(reasons.filter((reason) => !/^[A-Z].{20,}\.$/.test(reason))).toEqual([]);
  });
});
