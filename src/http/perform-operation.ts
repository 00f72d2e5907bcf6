import { Kind, type TObject, type TSchema } from '@sinclair/typebox';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../applications/caller';
import { invalid } from '../errors';
import type { Resources } from '../resources';
import { authenticate, authenticateClient, requireScope } from './authentication';
import { readForm, readJson, readJsonOrForm, readStrictJson, refuseNul } from './body';
import type { Exchange } from './exchange';
import { receiveMultipart } from './multipart';
import type { Envelope, Input, JudgedQuery, Operation, StreamedBody } from './operation';
import { readQuery } from './query';
import { assertValid } from './validation';

type AnyEnvelope = Envelope<unknown, unknown>;

/** Finds out who calls, in another way than by key or token. */
export type Identify = (req: IncomingMessage, res: ServerResponse) => Promise<Caller>;

/** What the server's side of a request brings to its operation. */
export interface Incoming {
  /** Of the path, decoded. */
  params: Readonly<Record<string, string>>;
  /** Asked for only where the operation has a query. */
  search: () => URLSearchParams;
  res: ServerResponse;
  /** Sets a header of the answer. */
  setHeader: (name: string, value: string) => void;
}

/** Carries an operation out. Order: who calls, may they, is the request well formed, then the verb. */
export async function perform(
  operation: Operation,
  exchange: Exchange,
  incoming: Incoming,
  resources: Resources,
  identify?: Identify,
): Promise<unknown> {
  exchange.operation = operation;
  const { req } = exchange;
  const form = operation.bodyType === 'form' ? await takeForm(req, incoming) : undefined;
  exchange.caller = await (identify ?? identifyBy(operation, form, resources))(req, incoming.res);
  const caller = exchange.caller ?? nobody;
  requireScope(caller, operation.scopes);
  const envelope = {
    params: readParams(operation, incoming),
    query: readQueryOf(operation, incoming),
    caller,
    request: {
      id: exchange.id,
      get log() {
        return exchange.log;
      },
      headers: req.headers,
      signal: () => goneSignal(incoming.res),
      setHeader: incoming.setHeader,
    },
  } as unknown as AnyEnvelope; // Checked by its schemas, which also typed the handler.
  await operation.admit?.(envelope, resources);
  const input = { ...envelope, ...(await readBody(operation, req, resources, form)) } as Input<never, never, never>;
  return operation.handle(input, resources);
}

/** Whoever calls an operation that asks for no credentials. */
const nobody: Caller = {
  keyId: 'none',
  keyExpiresAt: undefined,
  applicationId: undefined,
  scopes: [],
  programs: [],
};

function identifyBy({ credentials }: Operation, form: URLSearchParams | undefined, resources: Resources) {
  return ({ headers }: IncomingMessage): Promise<Caller> | undefined => {
    if (credentials === 'none') return undefined;
    return credentials === 'client' ? authenticateClient(headers, form, resources) : authenticate(headers, resources);
  };
}

function goneSignal(res: ServerResponse): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  return gone.signal;
}

function readParams({ params }: Operation, incoming: Incoming): unknown {
  if (!params) return undefined;
  const values = coerceIntegers(params as TObject, incoming.params);
  refuseNul(values);
  assertValid(params as TSchema, values, 'path');
  return values;
}

function coerceIntegers(schema: TObject, values: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => [
      name,
      schema.properties[name]?.[Kind] === 'Integer' && /^-?\d{1,15}$/.test(text) ? Number(text) : text,
    ]),
  );
}

function readQueryOf({ query }: Operation, { search }: Incoming): unknown {
  if (!query) return undefined;
  if (isJudged(query)) return search();
  const values = readQuery(query as TObject, search());
  refuseNul(values);
  assertValid(query as TSchema, values, 'query');
  return values;
}

const isJudged = (query: object): query is JudgedQuery => 'judged' in query;

const isStreamed = (body: object): body is StreamedBody => 'streamed' in body;

/** Before it is known who calls: the form may say so. */
async function takeForm(req: IncomingMessage, { setHeader }: Incoming): Promise<URLSearchParams> {
  setHeader('Cache-Control', 'no-store');
  setHeader('Pragma', 'no-cache');
  return readForm(req);
}

async function readBody(
  operation: Operation,
  req: IncomingMessage,
  resources: Resources,
  form: URLSearchParams | undefined,
): Promise<object> {
  const { body, bodyType, multipart } = operation;
  if (multipart) {
    const { fields, file } = await receiveMultipart(req, resources.content, {
      file: multipart.file,
      maxFileBytes: multipart.maxFileBytes(resources),
    });
    try {
      refuseNul([fields, file?.fileName]);
      assertValid(multipart.fields, fields, 'form');
      if (!file && multipart.fileRequired) throw invalid(`The form has no part named "${multipart.file}" with a file.`);
    } catch (error) {
      if (file) await resources.content.remove(file.blob.key);
      throw error;
    }
    return { body: fields, file };
  }
  if (!body) return {};
  if (isStreamed(body)) return { body: req };
  if (bodyType === 'judged') return readStrictJson(req, operation.maxBodyBytes?.(resources));
  const read = bodyType === 'json-or-form' ? readJsonOrForm : readJson;
  const value = form ? readQuery(body as TObject, form) : await read(req);
  assertValid(body as TSchema, value, form ? 'form' : 'body');
  return { body: value };
}
