import { baseOf, isOwnOrigin } from '../../src/player/session-origin.rules';

const [one, two] = ['0198c0de-0000-7000-8000-000000000001', '0198c0de-0000-7000-8000-000000000002'];
const ownName = 'https://*.content.example.org';

describe('origins of launches', () => {
  it('are all one where no name can be made', () => {
    expect(baseOf('http://127.0.0.1:8081', one)).toBe('http://127.0.0.1:8081');
    expect(isOwnOrigin('http://127.0.0.1:8081', one, 'anything')).toBe(true);
  });

  it('are each its own under a wildcard, and a session is at its own only', () => {
    expect(baseOf(ownName, one)).toBe('https://0198c0de000070008000000000000001.content.example.org');
    const { host } = new URL(baseOf(ownName, one));
    expect(isOwnOrigin(ownName, one, host.toUpperCase())).toBe(true);
    expect(isOwnOrigin(ownName, two, host)).toBe(false);
    expect(isOwnOrigin(ownName, one, undefined)).toBe(false);
  });
});
