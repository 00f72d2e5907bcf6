import { createHmac } from 'node:crypto';
import { newSigningSecret, signatureHeaders } from '../../src/deliveries/sign-webhook';

const message = { id: 'msg_1', at: new Date('2026-11-01T00:00:00.900Z'), body: '{"text":"naïve ✓"}' };

test('a new secret is 32 random bytes in base64 after whsec_', () => {
  expect(newSigningSecret()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(newSigningSecret()).not.toBe(newSigningSecret());
});

test('a receiver that follows Standard Webhooks can verify the signature', () => {
  const secret = newSigningSecret();
  const headers = signatureHeaders(message, [secret]);
  expect(headers).toMatchObject({ 'webhook-id': 'msg_1', 'webhook-timestamp': '1793491200' });
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(`msg_1.1793491200.${message.body}`, 'utf8').digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${expected}`);
});

test.each([
  ['the id', { ...message, id: 'msg_2' }],
  ['the time', { ...message, at: new Date('2026-11-01T00:00:01Z') }],
  ['the body', { ...message, body: '{}' }],
])('%s is signed', (_, changed) => {
  const secret = newSigningSecret();
  const signature = (signed: typeof message) => signatureHeaders(signed, [secret])['webhook-signature'];
  expect(signature(changed)).not.toBe(signature(message));
});

test('while a secret is exchanged there is a signature of each', () => {
  const [old, fresh] = [newSigningSecret(), newSigningSecret()];
  const of = (secrets: string[]) => signatureHeaders(message, secrets)['webhook-signature'];
  expect(of([fresh, old])).toBe(`${of([fresh])} ${of([old])}`);
});
