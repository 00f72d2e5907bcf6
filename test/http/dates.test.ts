import { readDate } from '../../src/http/dates';

describe('readDate', () => {
  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.123456Z', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31T12:00:00', '2026-01-31T12:00:00.000Z'],
    ['2017-12-31 07:00:00', '2017-12-31T07:00:00.000Z'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31t12:00z', '2026-01-31T12:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(readDate(text, 'since').toISOString()).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2026',
    '2026-13-01',
    '2026-02-30T25:00:00Z',
    '1700000000',
    '2026-01-31T12',
    '2026-02-29',
    '0000-12-31',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
  ])('"%s" is refused by its name', (text) => {
    expect(() => readDate(text, 'since')).toThrow(
      expect.objectContaining({ kind: 'invalid', details: [expect.objectContaining({ path: 'since' })] }),
    );
  });
});
