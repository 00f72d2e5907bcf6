import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isAppError, messageOf } from '../errors';
import type { Resources } from '../resources';
import { answerCommit } from './answer-commit';
import { answerOpen } from './answer-open';
import { answerState } from './answer-state';
import { CommitRate } from './commit-rate';
import { ContentFiles } from './content-files';
import { pageHeaders } from './content-headers';
import { readFilesToken } from './launch-tokens';
import { openLaunch } from './open-launch';
import { closerPage, linkProblemPage, messagePage } from './pages';
import { answerPlayerPage } from './player-page';
import { readPlayerAssets } from './player-assets';
import { sendPage, sendText } from './send';
import { sendCourseFile } from './send-course-file';
import { isOwnOrigin } from './session-origin.rules';
import { type Session, Sessions } from './sessions';
import { routeUnit } from './unit-doors';
import { createXapiDoor } from './unit-xapi-door';
import type { ContentOrigin, SessionHandler, Visit } from './visit';

type Handler = (visit: Visit) => Promise<void>;

/**
 * The server from which courses are played, not listening yet. It has nothing but courses, so that their code reaches nothing
 * else; whoever asks shows a launch's token in the path.
 */
export function createContentOrigin(resources: Resources): Server {
  const files = new ContentFiles(resources);
  const origin: ContentOrigin = {
    resources,
    files,
    sessions: new Sessions(resources),
    assets: readPlayerAssets(resources.config.player.files),
    commitRate: new CommitRate(),
    xapi: createXapiDoor(resources),
  };
  const server = createServer((request, response) => void answer({ request, response, path: pathOf(request), origin }));
  server.requestTimeout = 60_000;
  server.headersTimeout = 20_000;
  server.keepAliveTimeout = 75_000;
  server.on('close', () => files.end());
  return server;
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.replace(/[?#].*$/s, '');

async function answer(visit: Visit): Promise<void> {
  try {
    await route(visit);
  } catch (error) {
    failed(visit, error);
  }
}

/** What broke before the answer began is answered; after that the connection is cut, so that nobody takes a part for the whole. */
function failed({ response, path, origin: { resources } }: Visit, error: unknown): void {
  const isAway = response.destroyed || response.closed;
  if (isAway) return;
  const kind = isAppError(error) ? error.kind : 'internal';
  resources.log.warn({
    event: 'player.failed',
    path: path.replace(/^(\/\w+\/)[^/]+/, '$1…'),
    kind,
    error: messageOf(error),
  });
  if (response.headersSent) return void response.destroy();
  sendText(response, kind === 'unavailable' ? 503 : 500, 'The course cannot be read at the moment.');
}

const route: Handler = async (visit) => {
  const { request, response, path } = visit;
  const [, first = '', token = '', rest = ''] = /^\/([^/]*)(?:\/([^/]*)(?:\/(.*))?)?$/s.exec(path) ?? [];
  if (first === 's') return routeSession(visit, token, rest);
  if (first === 'u') return routeUnit(visit, token, rest);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return sendText(response, 405, 'Only GET is possible here.');
  if (first === 'c') return routeFiles(visit, token, rest);
  if (first === 'launch' && rest === '') return followLink(visit, token);
  if (first === 'player' && rest === '') return sendAsset(visit, token);
  if (first === 'exit') return sendExitPage(response, token);
  if (path === '/health/live') return sendText(response, 200, 'live');
  return sendText(response, 404, 'There is nothing here.');
};

async function routeSession(visit: Visit, token: string, rest: string): Promise<void> {
  const { request, response, origin } = visit;
  const [, part = '', path = ''] = /^([^/]*)(?:\/(.*))?$/s.exec(rest) ?? [];
  const handlers: Readonly<Record<string, SessionHandler>> =
    request.method === 'POST'
      ? { commit: answerCommit, open: answerOpen }
      : { player: answerPlayerPage, content: answerFile, state: answerState };
  const handler = Object.hasOwn(handlers, part) ? handlers[part] : undefined;
  const session = handler && (await origin.sessions.find(token));
  if (!handler || !session || !isAtHome(visit, session)) {
    return sendText(response, 404, 'There is nothing here, or not any more.');
  }
  return handler(visit, session, path);
}

/** Files, for content that reports to the server itself: others are told its address, who are not to have the session by it. */
async function routeFiles(visit: Visit, token: string, path: string): Promise<void> {
  const { sessions, resources } = visit.origin;
  const launchId = readFilesToken(token, resources.secrets);
  const session = launchId === undefined ? undefined : await sessions.findById(launchId);
  if (session && isAtHome(visit, session)) return answerFile(visit, session, path);
  return sendText(visit.response, 404, 'There is nothing here, or not any more.');
}

const isAtHome = ({ request, origin }: Visit, { launch }: Session): boolean =>
  isOwnOrigin(origin.resources.config.player.url, launch.id, request.headers.host);

const answerFile: SessionHandler = async ({ request, response, origin }, { version, registration }, path) => {
  const decoded = decodeFilePath(path);
  const file = decoded && (await origin.files.find(version, registration.revision, decoded));
  if (!file) return sendText(response, 404, 'The course has no such file.');
  return sendCourseFile(file, request, response, origin.files);
};

/** Undefined for what can be no file's path. Files are found by name in an index, so there is nothing to climb out of. */
function decodeFilePath(path: string): string | undefined {
  try {
    const decoded = decodeURIComponent(path);
    return decoded.includes('\0') ? undefined : decoded;
  } catch {
    return undefined;
  }
}

async function followLink({ request, response, origin: { resources } }: Visit, token: string): Promise<void> {
  // Whoever only looks at a link (HEAD: mail scanners) does not open it.
  if (request.method === 'HEAD') return sendText(response, 200, '');
  const opened = await openLaunch(token, resources);
  if ('problem' in opened) {
    const status = opened.problem === 'changed' ? 404 : 410;
    return sendPage(response, status, linkProblemPage(opened.problem));
  }
  response.writeHead(302, { ...pageHeaders(), Location: `../s/${opened.session}/player` }).end();
}

async function sendAsset({ request, response, origin: { assets } }: Visit, name: string): Promise<void> {
  // Modules name each other without an ending.
  const asset = assets.get(name) ?? assets.get(`${name}.js`);
  if (!asset) return sendText(response, 404, 'The player has no such file.');
  const headers = {
    'Content-Type': asset.type,
    ETag: asset.etag,
    'Cache-Control': 'no-cache',
    'X-Content-Type-Options': 'nosniff',
  };
  if (request.headers['if-none-match'] === asset.etag) return void response.writeHead(304, headers).end();
  response.writeHead(200, { ...headers, 'Content-Length': asset.body.length });
  response.end(request.method === 'HEAD' ? undefined : asset.body);
}

/** Where the learner is sent who has left (LaunchLinkRequestSchema: closer, blank, message). */
async function sendExitPage(response: ServerResponse, name: string): Promise<void> {
  if (name === 'blank') return sendPage(response, 200, '<!doctype html><html lang="en"><title>Done</title></html>');
  if (name === 'closer') return sendPage(response, 200, closerPage());
  return sendPage(response, 200, messagePage());
}
