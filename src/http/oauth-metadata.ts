import type Router from '@koa/router';
import { scopes } from '../applications/caller';
import type { Config } from '../config';

/** GET /.well-known/oauth-authorization-server (RFC 8414 §3): where tokens are, for clients that find out by themselves. */
export function metadataRoute(routes: Router, { publicUrl }: Config): void {
  const metadata = {
    issuer: publicUrl,
    token_endpoint: `${publicUrl}/oauth/token`,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    grant_types_supported: ['client_credentials'],
    // Required, and empty: there is no authorization endpoint.
    response_types_supported: [],
    scopes_supported: scopes,
    service_documentation: `${publicUrl}/docs`,
  };
  routes.get('/.well-known/oauth-authorization-server', (ctx) => {
    ctx.type = 'application/json; charset=utf-8';
    ctx.body = JSON.stringify(metadata);
  });
}
