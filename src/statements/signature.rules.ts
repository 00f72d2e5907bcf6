import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { surveyJson } from './json-text.rules';
import { type Meaning, meaningOf, withoutSignatures } from './same-statement.rules';
import { isObject, type JsonObject } from './shapes.rules';

/** RFC 7518 3.3. */
const digests: Readonly<Record<string, string>> = { RS256: 'RSA-SHA256', RS384: 'RSA-SHA384', RS512: 'RSA-SHA512' };

/**
 * What is wrong with a statement's signature, a JWS in its compact form (1.0.3 Data 2.6), as the end of a sentence; undefined: nothing.
 * With a certificate in its header (`x5c`) it has to be that one's; without one only what it signs can be compared.
 */
export function whyNotSigned(statement: JsonObject, signature: Buffer): string | undefined {
  const parts = signature.toString('latin1').trim().split('.');
  const [head, payload, proof] = parts;
  if (parts.length !== 3 || !head || !payload || !proof || !parts.every((part) => /^[\w-]+$/.test(part))) {
    return 'is not a JWS in compact form';
  }
  const header = parseObject(head);
  const signed = parseObject(payload);
  if (!header) return 'has a header that is not a JSON object';
  const digest = typeof header['alg'] === 'string' ? digests[header['alg']] : undefined;
  if (digest === undefined) return 'must use RS256, RS384 or RS512';
  if (!signed) return 'has a payload that is not a statement in JSON';
  if (!isSignedAs(meaningOf(withoutSignatures(signed)), meaningOf(withoutSignatures(statement))))
    return 'is of another statement';
  if (header['x5c'] === undefined) return undefined;
  return whyNotProven(header['x5c'], digest, Buffer.from(`${head}.${payload}`), Buffer.from(proof, 'base64url'));
}

/** A statement that was signed without a timestamp may have got one where it was stored since. */
const isSignedAs = (signed: Meaning, sent: Meaning): boolean =>
  signed.said === sent.said && (signed.at === undefined || signed.at === sent.at);

function whyNotProven(chain: unknown, digest: string, data: Buffer, proof: Buffer): string | undefined {
  const [certificate] = Array.isArray(chain) ? (chain as readonly unknown[]) : [];
  try {
    const { publicKey } = new X509Certificate(Buffer.from(String(certificate), 'base64'));
    const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
    if (key.asymmetricKeyType !== 'rsa') return 'has a certificate without an RSA key';
    return verify(digest, data, key, proof) ? undefined : 'is not by the key of its certificate';
  } catch {
    return 'has a certificate that cannot be read';
  }
}

function parseObject(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isObject(value) && !('found' in surveyJson(value)) ? value : undefined;
  } catch {
    return undefined;
  }
}
