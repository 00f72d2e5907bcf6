import { catalogue, findSetting } from '../../src/configuration/catalogue';
import { readValue } from '../../src/configuration/setting-values.rules';

describe('the catalogue of settings', () => {
  it('has the 147 settings of SCORM Cloud, each once', () => {
    expect(catalogue).toHaveLength(147);
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(147);
  });

  it.each(catalogue.map((setting) => [setting.id, setting] as const))(
    '%s has a default that could be set, spelled as it is kept, and a description',
    (_, setting) => {
      expect(readValue(setting, setting.default)).toEqual({ value: setting.default });
      expect(setting.description).toMatch(/^.{10,}\.$/);
      for (const { description } of setting.validValues ?? []) expect(description).toMatch(/\.$/);
      expect(setting.learningStandards).not.toEqual([]);
    },
  );

  it.each([
    ['PlayerShowCourseStructure', 'YES'],
    ['PlayerShowNavBar', 'YES'],
    ['PlayerShowFinishButton', 'YES'],
    ['PlayerEnableChoiceNav', 'YES'],
    ['PlayerEnableFlowNav', 'YES'],
    ['PlayerIntermediateScoSatisfiedNormalExitAction', 'GO_TO_NEXT_SCO'],
    ['MediaContentCompletionThreshold', '95'],
    ['PlayerDebugLookAheadDetailed', 'false'],
  ])('starts %s with %s', (id, value) => {
    expect(findSetting(id)?.default).toBe(value);
  });
});
