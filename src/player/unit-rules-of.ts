import type { ConnectedRuntime } from './browser/player-seed';
import type { UnitRules } from './unit-rules';
import { xapiRules } from './xapi-unit.rules';

/** What judges the statements of units' content, by standard. AICC has none. */
export const unitRulesOf: Readonly<Partial<Record<ConnectedRuntime, UnitRules>>> = { xapi: xapiRules };
