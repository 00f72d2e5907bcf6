import { invalid } from '../errors';
import { isObject, type JsonObject } from './shapes.rules';

export interface DocumentContent {
  contentType: string;
  content: Buffer;
}

export const isJsonType = (contentType: string): boolean => /^application\/json\s*(;|$)/i.test(contentType);

/** JSON that is posted has to be JSON (1.0.3 Communication 2.2). */
export function assertJson({ contentType, content }: DocumentContent): void {
  if (isJsonType(contentType) && parse(content) === undefined)
    throw invalid('The document is not the JSON that its Content-Type says.');
}

/** A document that is posted to one that is there: members of the first level replace those of the same name (1.0.3 Communication 2.2). */
export function mergeDocuments(known: DocumentContent, posted: DocumentContent): DocumentContent {
  const [before, now] = [objectOf(known), objectOf(posted)];
  if (!before || !now) {
    throw invalid(
      'Two documents are joined where both are JSON objects, sent as application/json; put the new one in its place.',
    );
  }
  const merged = new Map([...Object.entries(before), ...Object.entries(now)]);
  return { contentType: known.contentType, content: Buffer.from(JSON.stringify(Object.fromEntries(merged))) };
}

function objectOf({ contentType, content }: DocumentContent): JsonObject | undefined {
  const value = isJsonType(contentType) ? parse(content) : undefined;
  return isObject(value) ? value : undefined;
}

function parse(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
