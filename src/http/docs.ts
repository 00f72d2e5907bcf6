import { createReadStream } from 'node:fs';
import path from 'node:path';
import type Router from '@koa/router';
import type { Config } from '../config';
import { openApiDocument } from './openapi';
import type { Operation } from './operation';

/** The viewer's files, out of its package: nothing is loaded from anywhere else. */
const viewerFolder = path.dirname(require.resolve('swagger-ui-dist/package.json'));
const viewerFiles: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'favicon-32x32.png': 'image/png',
};

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Learning Hub: APIs</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" href="/docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="viewer"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/open.js"></script>
  </body>
</html>
`;
const openScript = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#viewer', deepLinking: true, docExpansion: 'list' });\n`;

/** The viewer's own styles are inline, its icons are data URLs; everything else comes from here. */
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/** GET /openapi.json, and GET /docs: the same in a page, where calls can be tried with a key. */
export function docsRoutes(routes: Router, operations: readonly Operation[], config: Config): void {
  const document = JSON.stringify(openApiDocument(operations, config.publicUrl));
  routes.get('/openapi.json', (ctx) => {
    ctx.type = 'application/json; charset=utf-8';
    ctx.body = document;
  });
  routes.get('/docs', (ctx) => {
    ctx.set('Content-Security-Policy', policy);
    ctx.type = 'html';
    ctx.body = page;
  });
  routes.get('/docs/open.js', (ctx) => {
    ctx.type = 'text/javascript';
    ctx.body = openScript;
  });
  for (const [name, type] of Object.entries(viewerFiles)) {
    routes.get(`/docs/${name}`, (ctx) => {
      ctx.type = type;
      ctx.set('Cache-Control', 'public, max-age=3600');
      ctx.body = createReadStream(path.join(viewerFolder, name));
    });
  }
}
