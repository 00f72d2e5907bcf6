import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import path from 'node:path';
import { createGzip } from 'node:zlib';

/* node static-server.js FOLDER gzip|plain: sends the files of a folder and does nothing else. Says its port to its parent. */

const [folder = '.', how = 'plain'] = process.argv.slice(2);

const server = createServer((request, response) => {
  const file = path.join(folder, path.normalize(request.url ?? '/'));
  send(file, response).catch(() => response.writeHead(404).end());
});

async function send(file: string, response: ServerResponse): Promise<void> {
  const { size } = await stat(file);
  const body = createReadStream(file);
  if (how === 'gzip') {
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': 'gzip' });
    body.pipe(createGzip()).pipe(response);
  } else {
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Length': size });
    body.pipe(response);
  }
}

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as { port: number }).port));
