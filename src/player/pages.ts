import { escapeHtml } from './html';
import type { LinkProblem } from './open-launch';

/** A page with a heading and a sentence. `base`: the way from its address to the origin's root. */
const plainPage = (title: string, text: string, base: string, script = ''): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${base}player/player.css">
<main class="plain"><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p></main>${script}
</html>`;

const problems: Readonly<Record<LinkProblem, [title: string, text: string]>> = {
  changed: [
    'This link is not whole',
    'It was changed on its way, or cut. Open the course again where you found the link.',
  ],
  expired: ['This link has expired', 'Links open a course for a short time only. Go back and open the course again.'],
  over: ['This course was left', 'The link was used. Go back and open the course again.'],
};

export const linkProblemPage = (problem: LinkProblem): string => plainPage(...problems[problem], '../');

/** For a session's address that is opened when the course was left. */
export const overPage = (): string => plainPage(...problems.over, '../../');

/** Where content sends the learner when it has ended. */
export const returnedPage = (): string =>
  plainPage(
    'This part has ended',
    'Go on in the contents of the course.',
    '../../',
    '<script type="module" src="../../player/returned.js"></script>',
  );

export const messagePage = (): string => plainPage('You have left the course', 'You can close this window.', '../');

export const closerPage = (): string =>
  plainPage(
    'You have left the course',
    'You can close this window.',
    '../',
    '<script src="../player/closer.js"></script>',
  );
