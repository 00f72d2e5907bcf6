import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { catalogue } from '../../src/configuration/catalogue';

const root = path.resolve(__dirname, '../..');
const file = path.join(root, 'docs', 'player.md');
const source = path.join(root, 'src', 'player');

/** What the player's code names is what it goes by. */
const code = readdirSync(source)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(path.join(source, name), 'utf8'))
  .join('\n');
const isHonoured = (id: string): boolean => code.includes(`'${id}'`) || id.endsWith('ExitAction');

/** Where a setting is honoured in part, or something else does what it is for. */
const notes: Readonly<Record<string, string>> = {
  ApiCourseDeleteAttemptDeleteFiles: 'files nobody uses any more are always collected',
  ConcurrentLaunchDetectionEnabled: 'the page that was opened last is the one whose commits count',
  ContentVaultEnabled: 'files are always behind the session’s token',
  PDFContentPageDurationThreshold: 'of the whole PDF: the browser’s viewer does not say which page is shown',
  PlayerPreventWindowResize: 'as a wish: browsers let windows be resized',
  PlayerResetRunTimeData: 'a new attempt begins when the last session was not suspended',
  PlayerLookaheadSequencerMode: 'always worked out after each move',
  UseDeltaRecordResultsPayload: 'only changes are sent, always',
  UseModernPlayer: 'there is one player',
  UsePlayerForTinCanLaunches: 'always inside the player',
};

const rowOf = ({ id }: (typeof catalogue)[number]): string[] => [
  `\`${id}\``,
  isHonoured(id) ? 'honoured' : 'stored only',
  notes[id] ?? '',
];

function table(): string {
  const rows = [['setting', '', ''], ...catalogue.map(rowOf)];
  const widths = [0, 1, 2].map((column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [head, ...body] = rows.map(line);
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

describe('docs/player.md', () => {
  it('says of every setting whether it is honoured (UPDATE_SETTINGS=1 npm test -- test/player/settings-table)', () => {
    const page = readFileSync(file, 'utf8');
    const start = page.indexOf('| setting');
    expect(start).toBeGreaterThan(0);
    const expected = `${page.slice(0, start)}${table()}\n`;
    if (process.env['UPDATE_SETTINGS'] === '1') writeFileSync(file, expected);
    expect(readFileSync(file, 'utf8')).toBe(expected);
  });

  it('honours more than half of them', () => {
    expect(catalogue.filter(({ id }) => isHonoured(id)).length).toBeGreaterThan(catalogue.length / 2);
  });
});
