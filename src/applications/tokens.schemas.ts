import { Type } from '@sinclair/typebox';
import { maxTokenSeconds } from './issue-token';

const scopeText = 'Names with spaces between, none that the key does not have';

/** RFC 6749 §4.4.2, and the credentials of §2.3.1 for a client that does not send them in the header. */
export const TokenForm = Type.Object({
  grant_type: Type.String({ minLength: 1, description: 'client_credentials' }),
  scope: Type.Optional(Type.String({ description: `${scopeText}; left out: all of the key’s` })),
  client_id: Type.Optional(Type.String({ description: 'The key’s id, unless the Authorization header has it' })),
  client_secret: Type.Optional(Type.String({ description: 'The key’s secret, likewise' })),
});

const accessToken = Type.String({ description: 'To be sent as Authorization: Bearer …' });
const tokenType = Type.Literal('Bearer');
const expiresIn = Type.Integer({ minimum: 1, description: 'Seconds; it ends earlier when its key is revoked' });

/** RFC 6749 §5.1. */
export const TokenAnswer = Type.Object({
  access_token: accessToken,
  token_type: tokenType,
  expires_in: expiresIn,
  scope: Type.String(),
});

/** What SCORM Cloud's client sends; its own default is 300 seconds. */
export const ApplicationTokenForm = Type.Object({
  scope: Type.String({ minLength: 1, description: scopeText }),
  expiration: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: maxTokenSeconds,
      description: 'Seconds until the token ends; 300 unless said',
    }),
  ),
});

export const ApplicationToken = Type.Object({
  access_token: accessToken,
  expires_in: expiresIn,
  token_type: tokenType,
});
