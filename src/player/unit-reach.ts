import type { CourseVersionRow } from '../courses/courses.store';
import type { Activity } from '../courses/packages/package';
import { forbidden } from '../errors';
import type { Resources } from '../resources';
import type { Reach } from '../statements/reach';
import { identityOf } from '../statements/statement-keys.rules';
import { findActivity } from './activity-tree.rules';
import { admitCmi5Content, admitCmi5Documents } from './cmi5-documents';
import { cmi5ActivityIri } from './cmi5-terms.rules';
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
  const isCmi5 = runtimeOf(version) === 'cmi5';
  const learner = identityOf(learnerAgent(registration.learner, config.publicUrl))!;
  return {
    path: `/u/${unitToken(unit.id, secrets)}/xapi`,
    registration: registration.id,
    admitAgent: (identity) => {
      // cmi5 forbids what xAPI finds wrong only (11).
      if (identity === undefined && !isCmi5) return;
      if (identity !== learner) throw forbidden('The agent has to be the learner for whom the unit was opened.');
    },
    admitDocuments: async (asked, does) => {
      const { scope, registration: named } = asked;
      const { resource, activityId } = scope;
      if (does === 'change' && isTooLate(launch, unit, new Date())) throw tooLate();
      if (isCmi5) await admitCmi5Documents(asked, does, unit, resources);
      if (resource === 'activity-profile' && does === 'change') {
        const activity = findActivity(version.structure.rootActivity, unit.activity_id);
        if (!activity || activityId !== iriOf(activity, version)) {
          throw forbidden('Profiles of the unit’s own activity alone can be changed.');
        }
      }
      if (resource !== 'state' || named === registration.id) return named;
      // Authoring tools of xAPI content leave it out, and find again what they stored without it.
      if (named === undefined && runtimeOf(version) === 'xapi') return '';
      throw forbidden(`The registration has to be ${registration.id}.`);
    },
    admitContent: (asked, content) => {
      if (isCmi5) admitCmi5Content(asked, content);
    },
    store: (received, spoken) => takeStatements(session, received, spoken, resources),
  };
}

const iriOf = (activity: Activity, version: CourseVersionRow): string =>
  runtimeOf(version) === 'cmi5' ? cmi5ActivityIri(version.id, activity.identifier) : unitActivityIri(activity, version);
