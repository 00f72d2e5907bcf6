import { isWebUrl } from '../courses/packages/hrefs';
import type { Runtime } from './browser/player-seed';
import { pageHeaders } from './content-headers';
import { escapeHtml } from './html';
import { findLaunch } from './launches.store';
import { overPage } from './pages';
import { runtimeOf } from './player-seed';
import { sendPage } from './send';
import type { SessionHandler } from './visit';

/** The page around a course. What it begins with it asks for itself (`answerState`). */
export const answerPlayerPage: SessionHandler = async ({ response, origin }, { launch: known, version, settings }) => {
  const launch = await findLaunch(origin.resources.db, known.id);
  if (!launch || launch.finished_by === 'exit') return sendPage(response, 410, overPage());
  const refreshUrl = settings.get('RedirectOnRefreshUrl');
  if (launch.opening > 0 && isAddress(refreshUrl)) {
    return void response.writeHead(302, { ...pageHeaders(), Location: refreshUrl }).end();
  }
  const styles = [launch.options.cssUrl, settings.get('ModernPlayerCustomizationStylesheetUrl')].filter(isAddress);
  const scripts = [settings.get('ModernPlayerCustomizationScriptUrl')].filter(isAddress);
  const html = playerPage({ title: version.title, runtime: runtimeOf(version), styles, scripts });
  return sendPage(response, 200, html, pageHeaders(styles, scripts));
};

const isAddress = (url: string | undefined): url is string => url !== undefined && isWebUrl(url) && URL.canParse(url);

const runtimeScripts: Partial<Record<Runtime, string>> = {
  scorm12: 'scorm12.min.js',
  scorm2004: 'scorm2004.min.js',
};

const sandbox =
  'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals allow-downloads';

interface PageParts {
  title: string;
  runtime: Runtime;
  /** Addresses that the launch and the course's settings name. */
  styles: string[];
  scripts: string[];
}

function playerPage({ title: plainTitle, runtime: kind, styles, scripts }: PageParts): string {
  const runtime = runtimeScripts[kind];
  const title = escapeHtml(plainTitle);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
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
${runtime ? `<script src="../../player/${runtime}"></script>\n` : ''}<script type="module" src="../../player/player.js"></script>
${scripts.map((src) => `<script src="${escapeHtml(src)}"></script>\n`).join('')}</body>
</html>`;
}
