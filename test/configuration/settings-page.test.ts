import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { catalogue, type Setting } from '../../src/configuration/catalogue';

const file = path.resolve(__dirname, '../../docs/settings.md');

const lineOf = ({ id, dataType, description, validValues, learningStandards, ...setting }: Setting): string =>
  [
    `- \`${id}\` (${dataType}${setting.default === '' ? '' : `, \`${setting.default}\``}): ${description}`,
    learningStandards ? ` Only ${learningStandards.join(', ')}.` : '',
    ...(validValues ?? []).map(({ value, description: effect }) => `\n  - \`${value}\`: ${effect}`),
  ].join('');

const sectionOf = (category: string): string =>
  [`## ${category}`, '', ...catalogue.filter((setting) => setting.category === category).map(lineOf)].join('\n');

const page = (): string =>
  `${[
    '# Settings of courses',
    'Each with its type, its default (none where none is written), and the learning standards it applies to, when not all. Made of the catalogue in `src/configuration/`.',
    ...[...new Set(catalogue.map(({ category }) => category))].sort().map(sectionOf),
  ].join('\n\n')}\n`;

describe('docs/settings.md', () => {
  it('is what the catalogue says (UPDATE_SETTINGS=1 npm test -- test/configuration writes it anew)', () => {
    if (process.env['UPDATE_SETTINGS'] === '1') writeFileSync(file, page());
    expect(existsSync(file) && readFileSync(file, 'utf8')).toBe(page());
  });
});
