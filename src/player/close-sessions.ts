import { v7 as uuid } from 'uuid';
import type { Transaction } from '../database/connection';
import type { Resources } from '../resources';
import { findActivity } from './activity-tree.rules';
import { recordStatements, type StatementSource } from './record-statements';
import { listActivities, upsertActivity } from './registrations.store';

/**
 * Closes what content of a registration has begun and will not end any more, because it was taken away, and says so. Of content that
 * reports to the server itself: what a page says of SCORM content can still follow. Called last.
 */
export async function closeSessions(
  tx: Transaction,
  source: StatementSource,
  needs: Pick<Resources, 'config'>,
): Promise<void> {
  const { registration, version } = source;
  const open = (await listActivities(tx, registration.id)).filter(({ session_open }) => session_open);
  const changes = open.map((before) => ({ before, after: { ...before, session_open: false } }));
  for (const { after } of changes) await upsertActivity(tx, after);
  const said = changes.flatMap((change) => {
    const activity = findActivity(version.structure.rootActivity, change.after.activity_id);
    return activity ? [{ activity, ...change }] : [];
  });
  // What is closed is not closed again, so that no later change is at the same position.
  await recordStatements(tx, said, source, `closed/${uuid()}`, needs);
}
