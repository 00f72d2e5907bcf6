import type { Scope } from '../../src/applications/caller';
import { grantScopes } from '../../src/applications/scopes.rules';

describe('grantScopes', () => {
  it.each<[string, string | undefined, Scope[], object]>([
    ['nothing asked: all of the key’s', undefined, ['read', 'write'], { granted: ['read', 'write'] }],
    ['spaces alone ask nothing', '  ', ['read'], { granted: ['read'] }],
    ['what is asked, and no more', 'write', ['read', 'write'], { granted: ['write'] }],
    ['each once, in the order asked', 'write read write', ['read', 'write'], { granted: ['write', 'read'] }],
    ['the narrower form of a general scope', 'read:course', ['read'], { granted: ['read:course'] }],
    ['not the general form of a narrower one', 'read', ['read:course'], { refused: 'read' }],
    ['not another’s narrower form', 'write:course', ['read'], { refused: 'write:course' }],
    ['read is not for the hub API', 'read:hub', ['read', 'write', 'delete'], { refused: 'read:hub' }],
    ['nothing when one of several lacks', 'read admin', ['read'], { refused: 'admin' }],
    ['not what the hub does not know', 'read:registration', ['read', 'admin'], { refused: 'read:registration' }],
    ['not a name of every object', 'constructor', ['read'], { refused: 'constructor' }],
    ['names are case-sensitive', 'READ', ['read'], { refused: 'READ' }],
  ])('%s', (_, asked, held, grant) => {
    expect(grantScopes(asked, held)).toEqual(grant);
  });
});
