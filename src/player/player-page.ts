import type { PlayerSeed } from './browser/player-seed';
import { isWebUrl } from '../courses/packages/hrefs';
import { pageHeaders } from './content-headers';
import { escapeHtml, scriptJson } from './html';
import { lockLaunch, updateLaunch } from './launches.store';
import { overPage } from './pages';
import { makeSeed, runtimeOf } from './player-seed';
import { findRegistration, listActivities } from './registrations.store';
import { sendPage } from './send';
import { readSequencing } from './sequencing-settings';
import type { Session } from './sessions';
import type { PlayerResources, SessionHandler } from './visit';

/** The page around a course. Each loading of it is an opening of its own. */
export const answerPlayerPage: SessionHandler = async ({ response, origin }, session) => {
  const seed = await openPage(session, origin.resources);
  if (!seed) return sendPage(response, 410, overPage());
  const refreshUrl = session.settings.get('RedirectOnRefreshUrl') ?? '';
  if (seed.opening > 1 && isWebUrl(refreshUrl)) {
    return void response.writeHead(302, { ...pageHeaders(), Location: refreshUrl }).end();
  }
  const styles = [session.launch.options.cssUrl, session.settings.get('ModernPlayerCustomizationStylesheetUrl')];
  const scripts = [session.settings.get('ModernPlayerCustomizationScriptUrl')];
  const added = { styles: styles.filter(isAddress), scripts: scripts.filter(isAddress) };
  return sendPage(response, 200, playerPage(seed, added), pageHeaders(added.styles, added.scripts));
};

const isAddress = (url: string | undefined): url is string => url !== undefined && isWebUrl(url) && URL.canParse(url);

/** Undefined when the course was left. */
async function openPage(session: Session, resources: PlayerResources): Promise<PlayerSeed | undefined> {
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

const runtimeScripts: Partial<Record<PlayerSeed['runtime'], string>> = {
  scorm12: 'scorm12.min.js',
  scorm2004: 'scorm2004.min.js',
};

const sandbox =
  'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals allow-downloads';

function playerPage(seed: PlayerSeed, { styles, scripts }: { styles: string[]; scripts: string[] }): string {
  const runtime = runtimeScripts[seed.runtime];
  const title = escapeHtml(seed.title);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="../../player/player.css">
${styles.map((href) => `<link rel="stylesheet" href="${escapeHtml(href)}">\n`).join('')}<body>
<a class="skip" href="#content">Skip to the content</a>
<header id="title-bar" hidden><img id="logo" alt="" hidden><h1>${title}</h1><p id="status" role="status"></p></header>
<div id="nav-bar" role="toolbar" aria-label="Course" hidden>
<button id="outline-toggle" type="button" aria-expanded="false" aria-controls="outline" hidden>Contents</button>
<button id="previous" type="button" hidden>Previous</button>
<button id="next" type="button" hidden>Next</button>
<button id="close-item" type="button" hidden>Close item</button>
<div id="progress" role="progressbar" aria-label="Progress" aria-valuemin="0" aria-valuemax="100" hidden><span></span></div>
<a id="help" href="#help-text" hidden>Help</a>
<a id="privacy" target="_blank" rel="noopener" hidden>Privacy</a>
<button id="exit" type="button" hidden>Exit</button>
</div>
<p id="notice" role="alert" hidden></p>
<div id="stage">
<nav id="outline" aria-label="Contents of the course" hidden></nav>
<main id="content" tabindex="-1">
<iframe id="frame" title="${title}" sandbox="${sandbox}" allow="autoplay; fullscreen; encrypted-media; picture-in-picture; clipboard-write" hidden></iframe>
<div id="message" class="plain" hidden></div>
</main>
</div>
<dialog id="ask"><p></p><form method="dialog"></form></dialog>
<script type="application/json" id="seed">${scriptJson(seed)}</script>
${runtime ? `<script src="../../player/${runtime}"></script>\n` : ''}<script type="module" src="../../player/player.js"></script>
${scripts.map((src) => `<script src="${escapeHtml(src)}"></script>\n`).join('')}</body>
</html>`;
}
