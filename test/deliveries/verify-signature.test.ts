import { readFileSync } from 'node:fs';
import path from 'node:path';
import { newSigningSecret, signatureHeaders } from '../../src/deliveries/sign-webhook';

type IsSigned = (headers: Record<string, string>, body: Buffer, secret: string, now?: number) => boolean;

/** The function that docs/partners.md gives its readers. */
function documented(): IsSigned {
  const text = readFileSync(path.resolve(__dirname, '../../docs/partners.md'), 'utf8');
  const code = /```js\n([\s\S]*?isSigned[\s\S]*?)```/.exec(text)?.[1] ?? '';
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- It is our own page's.
  return new Function('require', `${code}; return isSigned;`)(require) as IsSigned;
}

describe('the documentation’s way to verify a signature', () => {
  const isSigned = documented();
  const at = new Date('2026-03-10T12:00:00Z');
  const [secret, former] = [newSigningSecret(), newSigningSecret()];
  const body = '{"text":"✓"}';
  const headers = signatureHeaders({ id: 'msg_1', at, body }, [secret, former]);

  it('takes what either secret signed', () => {
    expect(isSigned(headers, Buffer.from(body), secret, at.getTime())).toBe(true);
    expect(isSigned(headers, Buffer.from(body), former, at.getTime())).toBe(true);
  });

  it.each([
    ['another secret', headers, body, newSigningSecret(), at],
    ['another body', headers, '{}', secret, at],
    ['another id', { ...headers, 'webhook-id': 'msg_2' }, body, secret, at],
    ['another time', { ...headers, 'webhook-timestamp': '1773144001' }, body, secret, at],
    ['an hour later', headers, body, secret, new Date(at.getTime() + 3_600_000)],
  ])('refuses %s', (_, given, text, key, now) => {
    expect(isSigned(given, Buffer.from(text), key, now.getTime())).toBe(false);
  });
});
