import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Hashes what callers present and encrypts what the hub must present itself. Both keys are derived from one master key
 * (`HUB_SECRET`), so losing the database alone gives away neither.
 */
export interface Secrets {
  /** A keyed hash. API secrets are long and random, so a fast hash is enough: there is no dictionary to try. */
  hash(secret: string): Buffer;
  matches(secret: string, hash: Buffer): boolean;
  /** AES-256-GCM: version byte, nonce, tag, ciphertext. */
  encrypt(text: string): Buffer;
  /** Fails when the text was changed, or encrypted under another master key. */
  decrypt(sealed: Buffer): string;
  /** Signs what the hub hands out and wants to know again (page tokens, links). */
  sign(text: string): string;
  /** Whether `sign` gave this signature; takes the same time wherever they differ. */
  isSigned(text: string, signature: string): boolean;
}

const derive = (masterKey: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', masterKey, '', `learning-hub ${purpose}`, 32));

const formatVersion = 1;
const nonceBytes = 12;
const tagBytes = 16;

export function createSecrets(masterKey: Buffer): Secrets {
  const hashKey = derive(masterKey, 'api secrets');
  const sealKey = derive(masterKey, 'stored credentials');
  const signKey = derive(masterKey, 'signed tokens');
  const hash = (secret: string): Buffer => createHmac('sha256', hashKey).update(secret).digest();
  const sign = (text: string): string => createHmac('sha256', signKey).update(text).digest('base64url');
  return {
    hash,
    matches: (secret, expected) => {
      const actual = hash(secret);
      return actual.length === expected.length && timingSafeEqual(actual, expected);
    },
    encrypt(text) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(formatVersion), nonce, cipher.getAuthTag(), sealed]);
    },
    decrypt(sealed) {
      if (sealed[0] !== formatVersion) throw new Error(`unknown format ${sealed[0]} of an encrypted value`);
      const decipher = createDecipheriv('aes-256-gcm', sealKey, sealed.subarray(1, 1 + nonceBytes));
      decipher.setAuthTag(sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes));
      return decipher.update(sealed.subarray(1 + nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
    },
    sign,
    isSigned: (text, signature) => {
      const [expected, given] = [Buffer.from(sign(text)), Buffer.from(signature)];
      return expected.length === given.length && timingSafeEqual(expected, given);
    },
  };
}

/** A new API secret: 32 random bytes, safe in URLs and in Basic credentials. */
export const newSecret = (): string => randomBytes(32).toString('base64url');
