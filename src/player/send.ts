import type { ServerResponse } from 'node:http';
import { pageHeaders } from './content-headers';

export function sendPage(response: ServerResponse, status: number, html: string, headers = pageHeaders()): void {
  response.writeHead(status, { ...headers, 'Content-Type': 'text/html; charset=utf-8' }).end(html);
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  const headers = { ...pageHeaders(), 'Content-Type': 'text/plain; charset=utf-8' };
  response.writeHead(status, headers).end(`${text}\n`);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const headers = { ...pageHeaders(), 'Content-Type': 'application/json; charset=utf-8' };
  response.writeHead(status, headers).end(JSON.stringify(body));
}
