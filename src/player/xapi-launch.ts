import { newXapiId } from '../database/ids';
import { addStatements } from '../statements/add-statements';
import type { JsonObject } from '../statements/shapes.rules';
import { addQuery, contentAddress } from './content-address';
import { unitCredentials } from './launch-tokens';
import { learnerAgent } from './learner-agent.rules';
import type { Opener, Opening } from './open-unit';
import { isYes } from './player-settings';
import { statementLink } from './record-statements';
import { unitActivityIri } from './unit-activity.rules';

/** Opens xAPI content as its authoring tools expect it ("Tin Can launch"): all it has to know is in its address. */
export const openXapiUnit: Opener = async (tx, opening, { secrets, config }) => {
  const { id, activity, registration, version, settings, launch, base } = opening;
  const actor = learnerAgent(registration.learner, config.publicUrl);
  const address = addQuery(contentAddress(opening, { secrets, config }), {
    endpoint: `${base}/xapi/`,
    auth: `Basic ${unitCredentials(id, secrets)}`,
    actor: JSON.stringify(actor),
    registration: registration.id,
    activity_id: unitActivityIri(activity, version),
  });
  if (launch.options.tracking !== false && isYes(settings, 'GenerateTinCanLaunchStatements', true)) {
    const origin = { applicationId: registration.application_id, link: statementLink(version.id) };
    await addStatements(tx, [launched(opening, actor)], origin, { config });
  }
  return { address, ownWindow: false };
};

const launched = ({ activity, registration, version }: Opening, actor: JsonObject): JsonObject => ({
  id: newXapiId(),
  timestamp: new Date().toISOString(),
  actor,
  verb: { id: 'http://adlnet.gov/expapi/verbs/launched', display: { 'en-US': 'launched' } },
  object: {
    objectType: 'Activity',
    id: unitActivityIri(activity, version),
    definition: { name: { und: activity.title } },
  },
  context: { registration: registration.id },
});
