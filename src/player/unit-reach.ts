import { forbidden } from '../errors';
import type { Resources } from '../resources';
import type { Reach } from '../statements/reach';
import { identityOf } from '../statements/statement-keys.rules';
import { findActivity } from './activity-tree.rules';
import { unitToken } from './launch-tokens';
import { learnerAgent } from './learner-agent.rules';
import { runtimeOf } from './player-seed';
import { takeStatements } from './take-statements';
import { unitActivityIri } from './unit-activity.rules';
import type { UnitSession } from './unit-doors';
import { isTooLate, tooLate } from './unit-lateness.rules';

/** What content of a unit reaches: its learner's, in its registration. */
export function unitReach(session: UnitSession, resources: Resources): Reach {
  const { unit, launch, registration, version } = session;
  const { config, secrets } = resources;
  const learner = identityOf(learnerAgent(registration.learner, config.publicUrl))!;
  return {
    path: `/u/${unitToken(unit.id, secrets)}/xapi`,
    registration: registration.id,
    admitAgent: (identity) => {
      if (identity !== learner) throw forbidden('The agent has to be the learner for whom the unit was opened.');
    },
    admitDocuments: ({ scope: { resource, activityId }, registration: named }, does) => {
      if (does === 'change' && isTooLate(launch, unit, new Date())) throw tooLate();
      if (resource === 'activity-profile' && does === 'change') {
        const activity = findActivity(version.structure.rootActivity, unit.activity_id);
        if (!activity || activityId !== unitActivityIri(activity, version)) {
          throw forbidden('Profiles of the unit’s own activity alone can be changed.');
        }
      }
      if (resource !== 'state' || named === registration.id) return named;
      // Authoring tools of xAPI content leave it out, and find again what they stored without it.
      if (named === undefined && runtimeOf(version) === 'xapi') return '';
      throw forbidden(`The registration has to be ${registration.id}.`);
    },
    store: (received, spoken) => takeStatements(session, received, spoken, resources),
  };
}
