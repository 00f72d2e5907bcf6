import type { LearningStandard } from '../courses/packages/package';
import { type ErrorDetail, invalid } from '../errors';
import { catalogue, findSetting, type Setting } from './catalogue';
import { readValue } from './setting-values.rules';

/** Where a value can be set, from the least to the most specific. */
export const levels = ['application', 'learningStandardForApplication', 'course', 'version'] as const;
export type Level = (typeof levels)[number];

/** A value that somebody set. */
export interface SetValue {
  level: Level;
  settingId: string;
  value: string;
}

/** A setting as it works at some level. */
export interface EffectiveSetting {
  setting: Setting;
  value: string;
  /** The level that the value comes from. */
  source: Level | 'default';
  /** The value that was set at the very level that is asked about. */
  explicitValue?: string;
}

/**
 * Whether a setting can change courses of a standard. Without a standard, as for an application, every setting counts.
 */
export const appliesTo = (setting: Setting, standard: LearningStandard | undefined): boolean =>
  standard === undefined || (setting.learningStandards?.includes(standard) ?? true);

/**
 * What every setting of the catalogue comes to at a level, of the values that were set there and above. Left out are
 * settings that do not apply to the standard, but for one that was set at this level all the same: who set it has to find
 * it again.
 */
export function effectiveSettings(
  values: readonly SetValue[],
  asked: Level,
  standard?: LearningStandard,
): EffectiveSetting[] {
  const known = new Map(values.map(({ level, settingId, value }) => [`${level} ${settingId}`, value]));
  const downwards = levels.slice(0, levels.indexOf(asked) + 1).reverse();
  return catalogue.flatMap((setting) => {
    const explicitValue = known.get(`${asked} ${setting.id}`);
    if (explicitValue === undefined && !appliesTo(setting, standard)) return [];
    const source = downwards.find((level) => known.has(`${level} ${setting.id}`));
    return {
      setting,
      value: source === undefined ? setting.default : known.get(`${source} ${setting.id}`)!,
      source: source ?? 'default',
      ...(explicitValue === undefined ? {} : { explicitValue }),
    };
  });
}

/** A value to be set, as a caller sends it. */
export interface WantedValue {
  settingId: string;
  value: string;
}

/** More problems than this in one request are not listed. */
const maxDetails = 20;

/** A list of values as they are to be kept. One that is wrong refuses the list, with an error that names each setting. */
export function checkWanted(wanted: readonly WantedValue[]): WantedValue[] {
  const details: ErrorDetail[] = [];
  const seen = new Set<string>();
  const checked = wanted.flatMap(({ settingId, value }, index) => {
    const refuse = (path: string, message: string): [] => {
      details.push({ path: `settings.${index}.${path}`, message });
      return [];
    };
    const setting = findSetting(settingId);
    if (!setting) return refuse('settingId', `"${settingId}" is not the id of a setting`);
    if (seen.has(settingId)) return refuse('settingId', `"${settingId}" is there twice`);
    seen.add(settingId);
    const read = readValue(setting, value);
    return 'expected' in read
      ? refuse('value', `of ${settingId} must be ${read.expected}`)
      : { settingId, value: read.value };
  });
  if (details.length === 0) return checked;
  throw invalid('Nothing was set.', { details: details.slice(0, maxDetails) });
}

/** The setting of that id; a 400 that names it when there is none. */
export function getSetting(settingId: string): Setting {
  const setting = findSetting(settingId);
  if (setting) return setting;
  throw invalid('Nothing was cleared.', {
    details: [{ path: 'settingId', message: `"${settingId}" is not the id of a setting` }],
  });
}
