import { type AccessToken, openToken, sealToken } from '../../src/applications/access-tokens.rules';
import { scopes } from '../../src/applications/caller';
import { createSecrets } from '../../src/secrets';

const secrets = createSecrets(Buffer.alloc(32, 1));
const token: AccessToken = {
  keyId: '0190a5a0-0000-7000-8000-000000000000',
  scopes: ['read:course', 'admin'],
  expiresAt: new Date('2026-11-02T10:00:00Z'),
};
const before = new Date('2026-11-02T09:59:59.999Z');

describe('a token', () => {
  it('says whose it is, what it may do and when it ends', () => {
    const opened = openToken(sealToken(token, secrets), secrets, before);
    expect(opened).toEqual(token);
  });

  it('ends at its second', () => {
    expect(openToken(sealToken(token, secrets), secrets, token.expiresAt)).toBeUndefined();
  });

  it('is fit for a header, and short with every scope', () => {
    const sealed = sealToken({ ...token, scopes }, secrets);
    expect(sealed).toMatch(/^[A-Za-z0-9._-]+$/);
    expect(sealed.length).toBeLessThan(300);
  });

  it('is refused under another master key', () => {
    expect(openToken(sealToken(token, secrets), createSecrets(Buffer.alloc(32, 2)), before)).toBeUndefined();
  });

  it('is refused with any one character changed, left out or added', () => {
    const sealed = sealToken(token, secrets);
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      for (const middle of [other, '', `${sealed[at]}A`]) {
        const changed = sealed.slice(0, at) + middle + sealed.slice(at + 1);
        expect(openToken(changed, secrets, before)).toBeUndefined();
      }
    }
  });

  it('is nothing else that the hub signed', () => {
    const text = sealToken(token, secrets).slice(3).split('.')[0]!;
    expect(openToken(`lh_${text}.${secrets.sign(text)}`, secrets, before)).toBeUndefined();
  });

  it.each([
    '',
    'x',
    'lh_',
    'lh_.',
    `lh_.${'A'.repeat(43)}`,
    `lh_e30.${'A'.repeat(43)}`,
    'lh_é.é',
    `lh_${'A'.repeat(9999)}`,
  ])('is not %j', (text) => {
    expect(openToken(text, secrets, before)).toBeUndefined();
  });
});
