import { enqueue, outboxChannel } from '../database/outbox';
import type { Resources } from '../resources';
import { finishWork } from './finish-work';
import { readLinkToken, sessionToken } from './launch-tokens';
import { lockLaunch, updateLaunch } from './launches.store';
import { findRegistration } from './registrations.store';

/** Why a link opens nothing. */
export type LinkProblem = 'changed' | 'expired' | 'over';

export type OpenedLaunch = { launchId: string; session: string } | { problem: LinkProblem };

/**
 * Opens what a launch link is for. Within its life the link can be opened again and leads to the same session, so that a
 * page can be loaded anew; a session that was left is over.
 */
export async function openLaunch(
  token: string,
  { db, secrets, wake }: Pick<Resources, 'db' | 'secrets' | 'wake'>,
): Promise<OpenedLaunch> {
  const launchId = readLinkToken(token, secrets);
  if (launchId === undefined) return { problem: 'changed' };
  const problem = await db.transaction(async (tx): Promise<LinkProblem | undefined> => {
    const launch = await lockLaunch(tx, launchId);
    const registration = launch && (await findRegistration(tx, launch.registration_id));
    // Its course was deleted, or the link was never opened and is forgotten.
    if (!launch || !registration) return 'expired';
    if (launch.state === 'finished') return 'over';
    const now = new Date();
    if (now > launch.link_expires_at) return 'expired';
    if (launch.state === 'unopened') {
      await updateLaunch(tx, launchId, { state: 'open', opened_at: now, last_seen_at: now });
      await enqueue(tx, finishWork(launchId, registration.application_id));
    }
    return undefined;
  });
  if (problem) return { problem };
  wake(outboxChannel('housekeeping'));
  return { launchId, session: sessionToken(launchId, secrets) };
}
