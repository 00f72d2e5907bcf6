import { readSince } from '../../src/cli/since.rules';
import { shorten, shortTime } from '../../src/cli/shorten.rules';

describe('a time since when', () => {
  const now = new Date('2026-03-10T12:00:00Z');

  it.each([
    ['30s', '2026-03-10T11:59:30.000Z'],
    ['90m', '2026-03-10T10:30:00.000Z'],
    ['2h', '2026-03-10T10:00:00.000Z'],
    ['3d', '2026-03-07T12:00:00.000Z'],
    ['1w', '2026-03-03T12:00:00.000Z'],
    ['2026-03-01', '2026-03-01'],
    ['2 hours', '2 hours'],
    ['-2h', '-2h'],
  ])('%s is %s', (text, expected) => expect(readSince(text, now)).toBe(expected));
});

describe('a table’s cell', () => {
  it.each([
    [null, ''],
    ['short', 'short'],
    ['exactly 10', 'exactly 10'],
    ['more than ten', 'more than…'],
    ['two\n  lines', 'two lines'],
    ['\u001b[2Jgone', ' [2Jgone'],
  ])('shows %j as %j', (text, expected) => expect(shorten(text, 10)).toBe(expected));

  it('shows times to the second', () => {
    expect(shortTime('2026-03-10T12:00:01.234Z')).toBe('03-10 12:00:01');
    expect(shortTime(null)).toBe('');
  });
});
