import { present } from '../courses/packages/present';
import type { Transaction } from '../database/connection';
import { newXapiId } from '../database/ids';
import { addStatements } from '../statements/add-statements';
import { type DocumentPlace, findDocument, lockDocument, saveDocument } from '../statements/documents.store';
import { isLanguageTag } from '../statements/formats.rules';
import type { JsonObject } from '../statements/shapes.rules';
import { identityOf } from '../statements/statement-keys.rules';
import { launchDataId, preferencesId } from './cmi5-documents';
import { launchData, launchModeOf } from './cmi5-launch-data.rules';
import type { Cmi5Notes } from './cmi5-notes';
import { type Cmi5Speech, launchedStatement } from './cmi5-statements.rules';
import { cmi5ActivityIri } from './cmi5-terms.rules';
import { addQuery, contentAddress } from './content-address';
import { learnerAgent } from './learner-agent.rules';
import type { Opener, Opening } from './open-unit';
import { statementLink } from './record-statements';
import { listActivities } from './registrations.store';
import { satisfiedFromStart } from './satisfied-from-start';
import { settleRegistration } from './settle-registration';
import { updateUnitSession } from './unit-sessions.store';

/** Opens an AU (cmi5 8.1): writes what it is to find, and says that it was launched. */
export const openCmi5Unit: Opener = async (tx, opening, { secrets, config, wake }) => {
  const { id, activity, registration, version, launch, settings, base } = opening;
  const now = new Date();
  const isTracked = launch.options.tracking !== false;
  const known = new Map((await listActivities(tx, registration.id)).map((row) => [row.activity_id, row]));
  const launchMode = launchModeOf(launch.options, known.get(activity.identifier));
  const notes: Cmi5Notes = {
    launchMode,
    said: {},
    ...present({ masteryScore: activity.scaledPassingScore }),
  };
  const actor = learnerAgent(registration.learner, config.publicUrl);
  const speech: Cmi5Speech = {
    actor,
    registration: registration.id,
    versionId: version.id,
    sessionId: id,
    now,
    newId: newXapiId,
  };
  await updateUnitSession(tx, id, { notes: { ...notes } });
  await writeDocuments(tx, opening, speech, launchMode);
  const fromStart = isTracked ? await satisfiedFromStart(tx, version, speech, id) : [];
  if (fromStart.length > 0) await settleRegistration(tx, { registration, version, settings, isTracked, wake }, known);
  const launchUrl = contentAddress(opening, { secrets, config });
  const launched = isTracked ? [launchedStatement(activity, { launchMode, launchUrl }, speech)] : [];
  const origin = { applicationId: registration.application_id, link: statementLink(version.id) };
  await addStatements(tx, [...fromStart, ...launched], origin, { config });
  const address = addQuery(launchUrl, {
    endpoint: `${base}/xapi/`,
    fetch: `${base}/fetch`,
    actor: JSON.stringify(actor),
    registration: registration.id,
    activityId: cmi5ActivityIri(version.id, activity.identifier),
  });
  return { address, ownWindow: activity.launchMethod === 'OwnWindow' };
};

/** Of the learner: what the AU is launched with (cmi5 10), and, where nobody has said it yet, the language of the launch (cmi5 11). */
async function writeDocuments(
  tx: Transaction,
  { activity, registration, launch, settings, base }: Opening,
  { actor, sessionId, versionId }: Cmi5Speech,
  launchMode: Cmi5Notes['launchMode'],
): Promise<void> {
  const agent = { applicationId: registration.application_id, agent: identityOf(actor)! };
  const activityId = cmi5ActivityIri(versionId, activity.identifier);
  const data = launchData(activity, { sessionId, launchMode, returnUrl: `${base}/returned`, settings });
  const state: DocumentPlace = {
    scope: { ...agent, resource: 'state', activityId, about: { activityId, agent: actor } },
    registration: registration.id,
    id: launchDataId,
  };
  await lockDocument(tx, state);
  await saveDocument(tx, state, jsonDocument(data));
  const { culture = '' } = launch.options;
  if (!isLanguageTag(culture)) return;
  const profile: DocumentPlace = {
    scope: { ...agent, resource: 'agent-profile', about: { agent: actor } },
    id: preferencesId,
  };
  await lockDocument(tx, profile);
  if (await findDocument(tx, profile)) return;
  await saveDocument(tx, profile, jsonDocument({ languagePreference: culture, audioPreference: 'on' }));
}

const jsonDocument = (value: JsonObject) => ({
  contentType: 'application/json',
  content: Buffer.from(JSON.stringify(value)),
});
