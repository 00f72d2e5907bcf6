import type { Secrets } from '../secrets';

const idBytes = 16;

const encodeId = (id: string): string => Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');

function decodeId(text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64url');
  // Whoever spells the same id another way did not get the token from us.
  if (bytes.length !== idBytes || bytes.toString('base64url') !== text) return undefined;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A launch's part of an address: its id, and a signature that says for what it is good. */
const issue = (purpose: string, launchId: string, secrets: Secrets): string =>
  `${encodeId(launchId)}.${secrets.sign(`${purpose} ${launchId}`)}`;

function read(purpose: string, token: string, secrets: Secrets): string | undefined {
  const [id = '', signature = '', ...more] = token.split('.');
  const launchId = decodeId(id);
  const isOurs = launchId !== undefined && more.length === 0 && secrets.isSigned(`${purpose} ${launchId}`, signature);
  return isOurs ? launchId : undefined;
}

/** What a launch link carries. How long it is good stands in the launch's row. */
export const linkToken = (launchId: string, secrets: Secrets): string => issue('launch link', launchId, secrets);
export const readLinkToken = (token: string, secrets: Secrets): string | undefined =>
  read('launch link', token, secrets);

/** What opens a launch's session, its files and its commits: whoever has it is the learner. A link does not tell it. */
export const sessionToken = (launchId: string, secrets: Secrets): string => issue('launch session', launchId, secrets);
export const readSessionToken = (token: string, secrets: Secrets): string | undefined =>
  read('launch session', token, secrets);

/** What opens a launch's files and nothing else. It stands in the address of content that reports to the server itself. */
export const filesToken = (launchId: string, secrets: Secrets): string => issue('launch files', launchId, secrets);
export const readFilesToken = (token: string, secrets: Secrets): string | undefined =>
  read('launch files', token, secrets);

/** What opens the doors at which a unit's content reports: whoever has it is that content. */
export const unitToken = (unitSessionId: string, secrets: Secrets): string =>
  issue('unit session', unitSessionId, secrets);
export const readUnitToken = (token: string, secrets: Secrets): string | undefined =>
  read('unit session', token, secrets);

const credentialsOf = (unitSessionId: string, secrets: Secrets): string =>
  `${unitSessionId}:${secrets.sign(`unit credentials ${unitSessionId}`)}`;

/** What a unit's content shows besides, as Basic credentials without that word (cmi5 8.2: its auth-token). */
export const unitCredentials = (unitSessionId: string, secrets: Secrets): string =>
  Buffer.from(credentialsOf(unitSessionId, secrets)).toString('base64');

/** Whether an Authorization header shows the credentials of this unit session. */
export function areUnitCredentials(header: string | undefined, unitSessionId: string, secrets: Secrets): boolean {
  const [, base64 = ''] = /^Basic\s+(\S+)\s*$/i.exec(header ?? '') ?? [];
  const [id, secret = ''] = Buffer.from(base64, 'base64').toString('utf8').split(':', 2);
  return secrets.isSigned(`unit credentials ${unitSessionId}`, secret) && id === unitSessionId;
}
