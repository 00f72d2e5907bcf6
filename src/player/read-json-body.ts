import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import { invalid, tooLarge } from '../errors';
import { refuseNul } from '../http/body';

/** A request's body as JSON, whatever its type: a beacon can only be text. Throws invalid, too-large. */
export async function readJsonBody(request: IncomingMessage, limit: number): Promise<unknown> {
  const body = parse(new TextDecoder().decode(await readBytes(request, limit)));
  refuseNul(body);
  return body;
}

/** A request's body as it came. Throws invalid, too-large. */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  try {
    return await getRawBody(request, { limit, length: request.headers['content-length'] ?? null });
  } catch (error) {
    if ((error as { type?: string }).type === 'entity.too.large') throw tooLarge(`The body has up to ${limit} bytes.`);
    throw invalid('The body ended before it was whole.', { cause: error });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid('The body is no JSON.', { cause });
  }
}
