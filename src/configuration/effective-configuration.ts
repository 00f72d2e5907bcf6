import type { Database, Transaction } from '../database/connection';
import { appliesTo, effectiveSettings } from './configuration.rules';
import { type Configured, listSetValues } from './configuration.store';

/**
 * The values that a launch goes by, by setting id: of a course's version with level `version` and all four ids. A setting
 * that does not apply to the learning standard is not in it, whatever was set.
 */
export async function effectiveConfiguration(
  db: Database | Transaction,
  configured: Configured,
): Promise<Map<string, string>> {
  const { level, learningStandard } = configured;
  const settings = effectiveSettings(await listSetValues(db, configured), level, learningStandard);
  return new Map(
    settings
      .filter(({ setting }) => appliesTo(setting, learningStandard))
      .map(({ setting, value }) => [setting.id, value]),
  );
}
