import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { invalid, unsupportedMedia } from '../errors';
import { readBytes } from '../http/body';
import { boundaryOf, type MixedPart, readMixedParts, readPart } from '../http/multipart-mixed';
import type { Resources } from '../resources';
import type { StoredBlob } from '../storage/content-store';
import type { XapiVersion } from './formats.rules';
import { checkStatements, parseStatements } from './read-statements';
import { isObject, type JsonObject } from './shapes.rules';
import { whyNotSigned } from './signature.rules';
import type { NewAttachment } from './statement-attachments.store';
import { signatureUsage } from './statement.rules';

export interface ReceivedStatements {
  /** Checked. */
  statements: JsonObject[];
  attachments: Omit<NewAttachment, 'applicationId'>[];
}

type Needs = Pick<Resources, 'config' | 'content'>;

/** A JWS holds its statement, which is smaller. */
const maxSignatureBytes = 1024 * 1024;

export interface Attachment {
  sha2: string;
  contentType: string;
  usageType: string;
  fileUrl?: string;
}

/**
 * Statements from a request's body, JSON or multipart/mixed with their attachments (1.0.3 Communication 1.5). With an id it is one
 * statement, which gets that unless it has it.
 */
export async function receiveStatements(
  request: IncomingMessage,
  { version, id }: { version: XapiVersion; id?: string },
  { config, content }: Needs,
): Promise<ReceivedStatements> {
  const type = request.headers['content-type'] ?? 'nothing';
  const { maxBodyBytes, maxStatements, maxAttachmentBytes } = config.xapi;
  const read = (json: Buffer): JsonObject[] => {
    const value = parseStatements(json.toString('utf8').replace(/^\ufeff/, ''));
    return checkStatements(id === undefined ? value : withId(value, id), version, maxStatements);
  };
  if (/^application\/json\s*(;|$)/i.test(type)) {
    const statements = read(await readBytes(request, maxBodyBytes));
    refuseMissing(statements, new Set());
    return { statements, attachments: [] };
  }
  if (!/^multipart\/mixed\s*(;|$)/i.test(type)) {
    throw unsupportedMedia(`Send statements as application/json or multipart/mixed, not ${type.slice(0, 100)}.`);
  }
  const parts = readMixedParts(request, boundaryOf(type), maxAttachmentBytes + maxBodyBytes);
  const first = await parts.next();
  if (first.done || !/^application\/json\s*(;|$)/i.test(first.value.headers['content-type'] ?? '')) {
    throw invalid('The first part has to be the statements, as application/json.');
  }
  const statements = read(await readPart(first.value, maxBodyBytes));
  return { statements, attachments: await receiveAttachments(parts, statements, config.xapi, content) };
}

function withId(statement: unknown, id: string): unknown {
  if (!isObject(statement)) throw invalid('One statement is stored under an id, not a list.');
  const { id: own = id } = statement;
  if (typeof own === 'string' && own.toLowerCase() !== id)
    throw invalid('The statement has another id than statementId.');
  return { ...statement, id: own };
}

async function receiveAttachments(
  parts: AsyncIterable<MixedPart>,
  statements: readonly JsonObject[],
  { maxAttachmentBytes }: Resources['config']['xapi'],
  content: Resources['content'],
): Promise<ReceivedStatements['attachments']> {
  const named = new Set(statements.flatMap(attachmentsOf).map(({ sha2 }) => sha2.toLowerCase()));
  const attachments: ReceivedStatements['attachments'] = [];
  try {
    for await (const part of parts) {
      const sha2 = hashOf(part, named);
      if (attachments.some((one) => one.sha2 === sha2)) {
        await checkCopy(part, sha2);
        continue;
      }
      const blob = await receiveAttachment(part, sha2, statements, content, maxAttachmentBytes);
      attachments.push({ sha2, blob });
    }
    refuseMissing(statements, new Set(attachments.map(({ sha2 }) => sha2)));
    return attachments;
  } catch (error) {
    for (const { blob } of attachments) await content.remove(blob.key);
    throw error;
  }
}

/** The hash that a part is named by, one that a statement names. */
function hashOf({ headers }: MixedPart, named: ReadonlySet<string>): string {
  const { 'x-experience-api-hash': hash, 'content-transfer-encoding': encoding } = headers;
  if (hash === undefined) throw invalid('A part has no header X-Experience-API-Hash.');
  if (!named.has(hash.toLowerCase()))
    throw invalid(`No statement has an attachment with the hash ${hash.slice(0, 128)}.`);
  if (encoding?.toLowerCase() !== 'binary') throw invalid('A part’s Content-Transfer-Encoding has to be binary.');
  return hash.toLowerCase();
}

/** One part is enough for all statements that have the attachment, and others may follow (1.0.3 Communication 1.5.2). */
async function checkCopy({ body }: MixedPart, sha2: string): Promise<void> {
  const digest = digestFor(sha2);
  for await (const chunk of body) digest.update(chunk);
  if (digest.digest('hex') !== sha2) throw otherHash(sha2);
}

async function receiveAttachment(
  part: MixedPart,
  sha2: string,
  statements: readonly JsonObject[],
  content: Resources['content'],
  maxBytes: number,
): Promise<StoredBlob> {
  const signed = statements.filter((one) => attachmentsOf(one).some((attachment) => isSignature(attachment, sha2)));
  const bytes = signed.length > 0 ? await readPart(part, maxSignatureBytes) : undefined;
  for (const statement of signed) {
    const why = whyNotSigned(statement, bytes!);
    if (why !== undefined) throw invalid(`The signature ${sha2} ${why}.`);
  }
  const digest = digestFor(sha2);
  const hashed = (async function* () {
    for await (const chunk of bytes ? [bytes] : part.body) {
      digest.update(chunk);
      yield chunk;
    }
  })();
  const blob = await content.write(Readable.from(hashed, { objectMode: false }), { maxBytes });
  if (digest.digest('hex') === sha2) return blob;
  await content.remove(blob.key);
  throw otherHash(sha2);
}

const otherHash = (sha2: string) => invalid(`The content of a part has another hash than ${sha2}.`);

/** By the length of a hash in hex. */
const algorithms: Readonly<Record<number, string>> = { 56: 'sha224', 64: 'sha256', 96: 'sha384', 128: 'sha512' };

const digestFor = (sha2: string) => createHash(algorithms[sha2.length]!);

/** Attachments of a statement, and of the one that is its object. */
export function attachmentsOf(statement: JsonObject): Attachment[] {
  const { attachments = [], object } = statement as { attachments?: Attachment[]; object: JsonObject };
  return object['objectType'] === 'SubStatement' ? [...attachments, ...attachmentsOf(object)] : attachments;
}

const isSignature = ({ usageType, sha2 }: Attachment, hash: string): boolean =>
  usageType === signatureUsage && sha2.toLowerCase() === hash;

/** What is attached came with the request, or is somewhere else; signatures come with it (1.0.3 Data 2.4.11, 2.6). */
function refuseMissing(statements: readonly JsonObject[], received: ReadonlySet<string>): void {
  for (const { sha2, fileUrl, usageType } of statements.flatMap(attachmentsOf)) {
    if (received.has(sha2.toLowerCase()) || (fileUrl !== undefined && usageType !== signatureUsage)) continue;
    throw invalid(`The attachment ${sha2} did not come with the statements: send multipart/mixed with a part for it.`);
  }
}
