import { setTimeout as delay } from 'node:timers/promises';
import type { Resources } from '../resources';
import type { PlayerSeed } from './browser/player-seed';
import { findLaunch, lockLaunch, updateLaunch } from './launches.store';
import { makeSeed, runtimeOf } from './player-seed';
import { findRegistration, listActivities } from './registrations.store';
import { sendJson } from './send';
import { readSequencing } from './sequencing-settings';
import type { Session } from './sessions';
import type { SessionHandler } from './visit';

/** How long what a page sent on its way out may take to arrive, in ms. */
const patienceMs = 3000;
const pollMs = 30;

/** A commit that the page before this one sent when it went away. */
interface LastCommit {
  opening: number;
  number: number;
}

/**
 * What the player's page begins with; each asking is an opening of its own. A page that is loaded again names the last commit
 * of the page before, which may still be on its way: it is waited for.
 */
export const answerState: SessionHandler = async ({ request, response, origin }, session) => {
  const last = readLast(request.url ?? '');
  if (last) await untilTaken(session, last, origin.resources);
  const seed = await openPage(session, origin.resources);
  return seed ? sendJson(response, 200, seed) : sendJson(response, 410, { message: 'The course was left.' });
};

function readLast(url: string): LastCommit | undefined {
  const [, opening, number] = /[?]opening=(\d{1,9})&number=(\d{1,9})$/.exec(url) ?? [];
  return opening === undefined ? undefined : { opening: Number(opening), number: Number(number) };
}

async function untilTaken({ launch }: Session, last: LastCommit, { db }: Resources): Promise<void> {
  for (const giveUp = Date.now() + patienceMs; Date.now() < giveUp; await delay(pollMs)) {
    const row = await findLaunch(db, launch.id);
    if (!row || row.commit_opening > last.opening) return;
    if (row.commit_opening === last.opening && row.commit_number >= last.number) return;
  }
}

/** Undefined when the course was left. */
async function openPage(session: Session, resources: Resources): Promise<PlayerSeed | undefined> {
  const { version, settings } = session;
  const sequencing = runtimeOf(version) === 'scorm2004' ? await readSequencing(session, resources) : undefined;
  return resources.db.transaction(async (tx) => {
    const launch = await lockLaunch(tx, session.launch.id);
    const registration = launch && (await findRegistration(tx, launch.registration_id));
    if (!launch || !registration || launch.finished_by === 'exit') return undefined;
    const opening = launch.opening + 1;
    await updateLaunch(tx, launch.id, { opening, last_seen_at: new Date() });
    const activities = await listActivities(tx, registration.id);
    return makeSeed({ launch: { ...launch, opening }, registration, version, settings, activities, sequencing });
  });
}
