import { generateKeyPairSync } from 'node:crypto';
import { whyNotSigned } from '../../src/statements/signature.rules';
import { type Json, newAgent, newSigner, signatureOf, type Signer, signatureUsage, statement } from '../support/xapi';

let signer: Signer;
beforeAll(async () => {
  signer = await newSigner();
});
const sign = (payload: unknown, alg = 'RS256', by: Partial<Signer> = signer, header: Json = {}): Buffer =>
  signatureOf(payload, by, alg, header);

const signed = (one: Json): Json => ({ ...one, attachments: [{ usageType: signatureUsage, sha2: 'x' }] });

describe('a signature', () => {
  it.each(['RS256', 'RS384', 'RS512'])('XAPI-00117: may be by %s', (alg) => {
    const one = statement();
    expect(whyNotSigned(signed(one), sign(one, alg))).toBeUndefined();
  });

  it('XAPI-00116: is of the statement, whatever of it the store adds and in whatever order', () => {
    const { actor, verb, object } = statement() as Record<string, Json>;
    const sent = signed({ object: object!, verb: verb!, actor: actor!, id: 'x', stored: 'y', authority: newAgent() });
    expect(whyNotSigned(sent, sign({ actor, verb, object }))).toBeUndefined();
    expect(whyNotSigned({ ...sent, result: { success: true } }, sign({ actor, verb, object }))).toMatch(
      'another statement',
    );
  });

  it('XAPI-00124: is of the statement, a duration no finer than a hundredth of a second', () => {
    const lasting = (one: Json, duration: string): Json => ({ ...one, result: { duration } });
    const one = statement();
    const proof = sign(lasting(one, 'P1DT12H36M0.12S'));
    expect(whyNotSigned(signed(lasting(one, 'P1DT12H36M0.1237S')), proof)).toBeUndefined();
    expect(whyNotSigned(signed(lasting(one, 'P1DT12H36M0.13S')), proof)).toMatch('another statement');
  });

  it('may be of the statement before it had a timestamp, and not of one with another', () => {
    const one = statement();
    const timed = { ...one, timestamp: '2026-01-31T12:00:00Z' };
    expect(whyNotSigned(signed(timed), sign(one))).toBeUndefined();
    expect(whyNotSigned(signed(timed), sign({ ...one, timestamp: '2026-01-31T13:00:00+01:00' }))).toBeUndefined();
    expect(whyNotSigned(signed(timed), sign({ ...one, timestamp: '2026-01-31T13:00:00Z' }))).toMatch('another');
    expect(whyNotSigned(signed(one), sign(timed))).toMatch('another');
  });

  it('may have no certificate: then only what it says is compared', () => {
    const one = statement();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    expect(whyNotSigned(signed(one), sign(one, 'RS256', { privateKey: pem }))).toBeUndefined();
    expect(whyNotSigned(signed(one), sign(one, 'RS256', { privateKey: pem, x5c: signer.x5c }))).toMatch(
      'key of its certificate',
    );
  });

  it.each<[string, (one: Json) => Buffer, string]>([
    ['XAPI-00117: another algorithm', (one) => sign(one, 'RS256', signer, { alg: 'HS256' }), 'RS256, RS384 or RS512'],
    ['XAPI-00117: none', (one) => sign(one, 'RS256', signer, { alg: 'none' }), 'RS256, RS384 or RS512'],
    ['XAPI-00116: a payload that is no JSON', () => sign('{'), 'not a statement'],
    ['XAPI-00116: a payload that is a list', (one) => sign([one]), 'not a statement'],
    [
      'XAPI-00116: a payload that is nested too deep',
      () => sign(`{"actor":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
      'not a statement',
    ],
    ...[{ attachments: 5 }, { attachments: [null] }, { result: { duration: 5 } }, { timestamp: 5 }].map(
      (wrong): [string, (one: Json) => Buffer, string] => [
        `XAPI-00116: a payload with ${JSON.stringify(wrong)}`,
        (one) => sign({ ...one, ...wrong }),
        'another statement',
      ],
    ),
    ['XAPI-00115: no JWS', () => Buffer.from('signed: me'), 'not a JWS'],
    [
      'XAPI-00115: a JWS without a proof',
      (one) =>
        Buffer.from(
          sign(one)
            .toString()
            .replace(/\.[^.]+$/, '.'),
        ),
      'not a JWS',
    ],
    ['a certificate that is none', (one) => sign(one, 'RS256', signer, { x5c: ['eA=='] }), 'cannot be read'],
    ['a chain that is none', (one) => sign(one, 'RS256', signer, { x5c: 5 }), 'cannot be read'],
    [
      'a proof of something else',
      (one) => Buffer.from(`${sign(one).toString().slice(0, -20)}${'A'.repeat(20)}`),
      'key of its certificate',
    ],
  ])('%s is refused', (_, make, why) => {
    const one = statement();
    expect(whyNotSigned(signed(one), make(one))).toMatch(why);
  });
});
