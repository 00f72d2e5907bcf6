import type { Setting } from './catalogue';
import type { EffectiveSetting } from './configuration.rules';
import type { SettingItem, SettingMetadata } from './configuration.schemas';

/** A setting as the Course Service shows it (SettingItem). */
export function presentSetting(effective: EffectiveSetting, includeMetadata: boolean): SettingItem {
  const { setting, value, source, explicitValue } = effective;
  return {
    id: setting.id,
    effectiveValue: value,
    // The vendor's list of sources has none for a version.
    effectiveValueSource: source === 'version' ? 'course' : source,
    ...(explicitValue === undefined ? {} : { explicitValue }),
    ...(includeMetadata ? { metadata: presentMetadata(setting) } : {}),
  };
}

function presentMetadata({
  dataType,
  description,
  learningStandards,
  validValues,
  ...setting
}: Setting): SettingMetadata {
  return {
    default: setting.default,
    dataType,
    settingDescription: description,
    level: 'course',
    ...(learningStandards === undefined ? {} : { learningStandards: [...learningStandards] }),
    learningStandardVariant: 'either',
    ...(validValues === undefined ? {} : { validValues: validValues.map(toValidValue) }),
  };
}

const toValidValue = ({ value, description }: { value: string; description: string }) => ({
  value,
  valueDescription: description,
});
