import { invalid } from '../errors';
import { operation } from '../http/operation';
import { issueToken } from './issue-token';
import { ApplicationToken, ApplicationTokenForm, TokenAnswer, TokenForm } from './tokens.schemas';

const tag = 'OAuth2';
const standardSeconds = 3600;
/** What SCORM Cloud's client says that it gets when it says nothing. */
const scormCloudSeconds = 300;

const shared = { tag, method: 'post', credentials: 'client', scopes: [], bodyType: 'form', status: 200 } as const;

/** Client credentials (RFC 6749 §4.4): a key gives a token, at the standard's endpoint and at SCORM Cloud's own. */
export const tokenOperations = [
  operation({
    ...shared,
    id: 'createToken',
    summary: 'Get a Bearer token for a key: OAuth2 client credentials',
    path: '/oauth/token',
    body: TokenForm,
    response: TokenAnswer,
    handle: ({ caller, body: { grant_type, scope } }, resources) => {
      if (grant_type !== 'client_credentials') {
        throw invalid('grant_type can only be client_credentials here.', { code: 'unsupported_grant_type' });
      }
      const issued = issueToken(caller, { scope, seconds: standardSeconds }, resources);
      const { token: access_token, seconds: expires_in } = issued;
      return Promise.resolve({ access_token, token_type: 'Bearer' as const, expires_in, scope: issued.scope });
    },
  }),
  operation({
    ...shared,
    id: 'getAppToken',
    summary: 'Get a Bearer token for a key, as SCORM Cloud’s clients ask for it',
    path: '/api/v2/oauth/authenticate/application/token',
    body: ApplicationTokenForm,
    response: ApplicationToken,
    handle: ({ caller, body: { scope, expiration = scormCloudSeconds } }, resources) => {
      const { token: access_token, seconds: expires_in } = issueToken(
        caller,
        { scope, seconds: expiration },
        resources,
      );
      return Promise.resolve({ access_token, expires_in, token_type: 'Bearer' as const });
    },
  }),
];
