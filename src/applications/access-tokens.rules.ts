import { type Secrets } from '../secrets';
import { type Scope, scopes } from './caller';

/** What a token says. It is signed, not stored: docs/decisions/0009-tokens.md. */
export interface AccessToken {
  keyId: string;
  scopes: readonly Scope[];
  /** To the second. */
  expiresAt: Date;
}

/** Bound into the signature, so that nothing else the hub signs is taken for a token. Its number is the format's. */
const purpose = 'access-token-1';

/** A key's id has 36 characters, all scopes together fewer than 100: what is longer was not made here. */
const pattern = /^lh_([\w-]{1,1000})\.([\w-]{43})$/;

/** `lh_`, the payload and its signature, in base64url: fit for a header (RFC 6750 §2.1), and for scanners of leaked secrets. */
export function sealToken({ keyId, scopes: granted, expiresAt }: AccessToken, secrets: Secrets): string {
  const payload = JSON.stringify([keyId, granted.join(' '), Math.floor(expiresAt.getTime() / 1000)]);
  const text = Buffer.from(payload).toString('base64url');
  return `lh_${text}.${secrets.sign(`${purpose}.${text}`)}`;
}

/** Undefined for what the hub did not sign, and for a token at or after its end. Nothing unsigned is parsed. */
export function openToken(token: string, secrets: Secrets, now: Date): AccessToken | undefined {
  const [, text = '', signature = ''] = pattern.exec(token) ?? [];
  if (text === '' || !secrets.isSigned(`${purpose}.${text}`, signature)) return undefined;
  const payload = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [string, string, number];
  const [keyId, names, seconds] = payload;
  const expiresAt = new Date(seconds * 1000);
  if (expiresAt <= now) return undefined;
  return { keyId, scopes: scopes.filter((scope) => names.split(' ').includes(scope)), expiresAt };
}
