import type { ConnectedRuntime } from './browser/player-seed';
import { cmi5Rules } from './cmi5.rules';
import type { UnitRules } from './unit-rules';
import { xapiRules } from './xapi-unit.rules';

/** What judges the statements of units' content, by standard. AICC has none. */
export const unitRulesOf: Readonly<Partial<Record<ConnectedRuntime, UnitRules>>> = {
  cmi5: cmi5Rules,
  xapi: xapiRules,
};
