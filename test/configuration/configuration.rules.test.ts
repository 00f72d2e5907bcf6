import { catalogue, findSetting } from '../../src/configuration/catalogue';
import { checkWanted, effectiveSettings, type SetValue } from '../../src/configuration/configuration.rules';
import { readValue } from '../../src/configuration/setting-values.rules';
import type { AppError } from '../../src/errors';

describe('a value of', () => {
  it.each([
    ['PlayerShowNavBar', 'NO', 'NO'],
    ['PlayerShowNavBar', 'true', 'YES'],
    ['PlayerShowNavBar', ' False ', 'NO'],
    ['UseModernPlayer', 'YES', 'true'],
    ['UseModernPlayer', 'False', 'false'],
    ['PlayerLaunchType', 'new_window', 'NEW_WINDOW'],
    ['PlayerCompletionStatOfFailedSuccessStat', 'NOT_ATTEMPTED', 'Not_Attempted'],
    ['PlayerDesiredWidth', '0960', '960'],
    ['PlayerDesiredWidth', '-0', '0'],
    ['PlayerDesiredWidth', '2147483647', '2147483647'],
    ['PlayerScoreRollupModeNumberOfScoringObjects', '-2147483648', '-2147483648'],
    ['MaxPersistRuntimeDataAttempts', '1', '1'],
    ['PlayerStatusRollupModeThresholdScore', '80.50', '80.5'],
    ['PlayerStatusRollupModeThresholdScore', '', ''],
    ['RedirectOnExitUrl', ' kept as it is ', ' kept as it is '],
    ['RedirectOnExitUrl', '', ''],
    ['RedirectOnRefreshUrl', 'https://example.com/a?b=c:d', 'https://example.com/a?b=c:d'],
    ['RedirectOnRefreshUrl', '/back?to=http://example.com', '/back?to=http://example.com'],
    ['ContentLangToUrl', '[{"language": "de"}]', '[{"language": "de"}]'],
    ['xAPIRewriteStatementModifier', '{"a": 1}', '{"a": 1}'],
  ])('%s may be written %j and is kept as %j', (id, text, value) => {
    expect(readValue(findSetting(id)!, text)).toEqual({ value });
  });

  it.each([
    ['PlayerShowNavBar', 'MAYBE', 'YES or NO'],
    ['PlayerShowNavBar', '', 'YES or NO'],
    ['PlayerShowNavBar', 'constructor', 'YES or NO'],
    ['UseModernPlayer', '1', 'true or false'],
    ['PlayerLaunchType', 'POPUP', 'one of FRAMESET, NEW_WINDOW'],
    ['PlayerDesiredWidth', '-1', 'from 0 to 2147483647'],
    ['PlayerDesiredWidth', '12.5', 'from 0 to 2147483647'],
    ['PlayerDesiredWidth', '1e3', 'from 0 to 2147483647'],
    ['PlayerDesiredWidth', '', 'from 0 to 2147483647'],
    ['PlayerDesiredWidth', '2147483648', 'from 0 to 2147483647'],
    ['MaxPersistRuntimeDataAttempts', '0', 'from 1 to 2147483647'],
    ['PlayerScoreRollupModeNumberOfScoringObjects', '-2147483649', 'from -2147483648'],
    ['PlayerStatusRollupModeThresholdScore', 'half', 'a number'],
    ['PlayerStatusRollupModeThresholdScore', '1e999', 'a number'],
    ['PlayerStatusRollupModeThresholdScore', '0x10', 'a number'],
    ['RedirectOnRefreshUrl', 'javascript:alert(1)', 'an http or https URL'],
    ['RedirectOnRefreshUrl', 'https://', 'an http or https URL'],
    ['RedirectOnRefreshUrl', '/a b', 'without spaces'],
    ['ContentLangToUrl', '{}', 'a JSON list'],
    ['ContentLangToUrl', 'de', 'a JSON list'],
    ['xAPIRewriteStatementModifier', '[]', 'a JSON object'],
    ['xAPIRewriteStatementModifier', '{', 'a JSON object'],
  ])('%s cannot be %j', (id, text, expected) => {
    expect(readValue(findSetting(id)!, text)).toEqual({ expected: expect.stringContaining(expected) as string });
  });
});

describe('a list of values', () => {
  const problems = (...wanted: [string, string][]): unknown => {
    try {
      return checkWanted(wanted.map(([settingId, value]) => ({ settingId, value })));
    } catch (error) {
      return (error as AppError).details;
    }
  };

  it('is refused whole, with every setting that is wrong', () => {
    expect(problems(['PlayerShowNavBar', 'NO'], ['PlayerShowHelp', 'x'], ['Nonsense', '1'])).toEqual([
      { path: 'settings.1.value', message: 'of PlayerShowHelp must be YES or NO' },
      { path: 'settings.2.settingId', message: '"Nonsense" is not the id of a setting' },
    ]);
  });

  it('is refused when a setting is there twice, even with one value', () => {
    expect(problems(['PlayerShowHelp', 'NO'], ['PlayerShowHelp', 'NO'])).toEqual([
      { path: 'settings.1.settingId', message: '"PlayerShowHelp" is there twice' },
    ]);
  });

  it('knows ids by their exact spelling only', () => {
    expect(problems(['playershowhelp', 'NO'])).toHaveLength(1);
    expect(problems(['constructor', 'NO'])).toHaveLength(1);
  });
});

describe('the value that counts', () => {
  const set = (level: SetValue['level'], value: string): SetValue => ({
    level,
    settingId: 'PlayerDesiredWidth',
    value,
  });
  const all = [
    set('application', '1'),
    set('learningStandardForApplication', '2'),
    set('course', '3'),
    set('version', '4'),
  ];
  const found = (values: SetValue[], asked: SetValue['level']) =>
    effectiveSettings(values, asked, 'SCORM12').find(({ setting }) => setting.id === 'PlayerDesiredWidth');

  it.each([
    ['default', '0', [], 'version'],
    ['application', '1', all.slice(0, 1), 'version'],
    ['learningStandardForApplication', '2', all.slice(0, 2), 'version'],
    ['course', '3', all.slice(0, 3), 'version'],
  ] as const)('comes from %s when nothing more specific is set', (source, value, values, asked) => {
    expect(found([...values], asked)).toEqual(expect.objectContaining({ source, value }));
    expect(found([...values], asked)).not.toHaveProperty('explicitValue');
  });

  it.each([
    ['application', '1'],
    ['learningStandardForApplication', '2'],
    ['course', '3'],
    ['version', '4'],
  ] as const)('is explicit where it was set, and nothing below %s touches it', (level, value) => {
    expect(found(all, level)).toEqual(expect.objectContaining({ source: level, value, explicitValue: value }));
  });

  it('is there for settings that apply to the standard, and for one that was set all the same', () => {
    const ids = (values: SetValue[]) => effectiveSettings(values, 'course', 'XAPI').map(({ setting }) => setting.id);
    expect(ids([])).toContain('PlayerShowNavBar');
    expect(ids([])).not.toContain('PlayerShowCourseStructure');
    const odd = { settingId: 'PlayerShowCourseStructure', value: 'NO' };
    expect(ids([{ level: 'application', ...odd }])).not.toContain('PlayerShowCourseStructure');
    expect(ids([{ level: 'course', ...odd }])).toContain('PlayerShowCourseStructure');
    expect(effectiveSettings([], 'application')).toHaveLength(catalogue.length);
  });
});
