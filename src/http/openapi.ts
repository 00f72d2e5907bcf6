import type { TObject, TSchema } from '@sinclair/typebox';
import type { Scope } from '../applications/caller';
import { Kind, OptionalKind } from '@sinclair/typebox';
import type { ErrorKind } from '../errors';
import { version } from '../version';
import { dialectOf, statusOf } from './dialects';
import type { FileResponse, JudgedQuery, Operation, StreamedBody, WrittenResponse } from './operation';

/** What every operation can answer, beside its own. */
const commonErrors: readonly ErrorKind[] = ['invalid', 'internal', 'unavailable'];
const callerErrors: readonly ErrorKind[] = ['unauthenticated', 'forbidden'];

const errorTexts: Readonly<Record<ErrorKind, string>> = {
  invalid: 'The request is not as it should be; the message says where',
  unauthenticated: 'Credentials are missing or wrong',
  forbidden: 'The key or token lacks the scope that the message names',
  'not-found': 'There is no such thing in this application',
  'method-not-allowed': 'Another method is meant; see the Allow header',
  conflict: 'It is there already, or is being made',
  gone: 'It was there once',
  'precondition-failed': 'If-Match names another version than the one that is there now',
  'too-large': 'The body is larger than the limit',
  unprocessable: 'The request is well formed, and for something that is not supported',
  'unsupported-media': 'The body has another media type than the one that is taken',
  'rate-limited': 'Too many requests; see Retry-After',
  internal: 'A fault of the hub; the request id leads to its log',
  unavailable: 'A part of the hub cannot be reached; try again',
};

/** The OpenAPI 3.1 document of the operations: the same schemas that check requests and type the handlers. */
export function openApiDocument(operations: readonly Operation[], serverUrl: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    (paths[operation.path] ??= {})[operation.method] = describe(operation);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Learning Hub',
      version,
      description:
        'The APIs that learning software already speaks, joined: one key, or a token of it, works on every door.',
    },
    servers: [{ url: serverUrl }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic', description: 'A key’s id as user, its secret as password' },
        oauth2: {
          type: 'oauth2',
          description: 'A token of a key: the key’s id as client id, its secret as client secret',
          flows: { clientCredentials: { tokenUrl: `${serverUrl}/oauth/token`, scopes: scopeTexts } },
        },
      },
    },
  };
}

function describe(operation: Operation): object {
  const parameters = [
    ...parametersOf(operation.params as TObject | undefined, 'path'),
    ...parametersOf(querySchemaOf(operation), 'query'),
    ...Object.entries(operation.headers ?? {}).map(([name, description]) => ({
      name,
      in: 'header',
      required: false,
      description,
      schema: { type: 'string' },
    })),
  ];
  const requestBody = bodyOf(operation);
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.scopes.length > 0 ? { description: `Scopes: any of ${operation.scopes.join(', ')}.` } : {}),
    security: securityOf(operation),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses: responsesOf(operation),
  };
}

const querySchemaOf = ({ query }: Operation): TObject | undefined =>
  ((query as JudgedQuery | undefined)?.judged as TObject | undefined) ?? (query as TObject | undefined);

/** A requirement's scopes are all needed, requirements are alternatives: any one scope suffices, so each has its own. */
function securityOf({ credentials, scopes: needed }: Operation): object[] {
  if (credentials === 'none') return [];
  return credentials === 'client' ? [{ basic: [] }] : [{ basic: [] }, ...needed.map((scope) => ({ oauth2: [scope] }))];
}

const scopeTexts: Readonly<Record<Scope, string>> = {
  read: 'Read everything of the Course Service, of Bridge’s API and of LOEP’s',
  write: 'Change everything of the Course Service, of Bridge’s API and of LOEP’s',
  delete: 'Delete everything of the Course Service',
  'read:course': 'Read courses',
  'write:course': 'Import and change courses',
  'delete:course': 'Delete courses',
  'read:hub': 'Read through the hub API',
  'write:hub': 'Change through the hub API',
  admin: 'Manage applications and keys',
};

function parametersOf(schema: TObject | undefined, where: 'path' | 'query'): object[] {
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => {
    const { description, ...rest } = property as TSchema & { description?: string };
    return {
      name,
      in: where,
      required: where === 'path' || !(OptionalKind in property),
      ...(description ? { description } : {}),
      schema: rest,
      ...(property['type'] === 'array' ? { style: 'form', explode: false } : {}),
    };
  });
}

function bodyOf({ body, bodyType, multipart }: Operation): object | undefined {
  if (multipart) {
    const fields = multipart.fields as TObject;
    const schema = {
      type: 'object',
      properties: { ...fields.properties, [multipart.file]: { type: 'string', format: 'binary' } },
      ...(multipart.fileRequired ? { required: [...(fields.required ?? []), multipart.file] } : {}),
    };
    return { required: true, content: { 'multipart/form-data': { schema } } };
  }
  if (!body) return undefined;
  if (typeof body === 'object' && 'streamed' in body)
    return { required: true, content: mediaOf((body as StreamedBody).streamed) };
  const types = bodyTypes[bodyType ?? 'json'];
  return { required: true, content: Object.fromEntries(types.map((type) => [type, { schema: body as TSchema }])) };
}

const jsonType = 'application/json';
const formType = 'application/x-www-form-urlencoded';
const bodyTypes = {
  json: [jsonType],
  judged: [jsonType],
  form: [formType],
  'json-or-form': [jsonType, formType],
} as const;

function responsesOf(operation: Operation): Record<string, object> {
  const { status, response, path } = operation;
  const success = response
    ? { description: 'Done', content: contentOf(response as TSchema | FileResponse | WrittenResponse) }
    : { description: 'Done; no body' };
  const dialect = dialectOf(path);
  const contentType = dialect.contentType.split(';')[0]!;
  const kinds = [
    ...commonErrors,
    ...(operation.credentials === 'none' ? [] : callerErrors),
    ...(operation.multipart || operation.body ? bodyErrors : []),
    ...(operation.errors ?? []),
  ];
  // Of kinds that share a status, the first names it.
  const failures = kinds
    .toReversed()
    .map((kind) => [
      String(statusOf(kind, dialect)),
      { description: errorTexts[kind], content: { [contentType]: { schema: dialect.schema } } },
    ]);
  return {
    [String(status)]: success,
    ...(operation.isConditional
      ? { '304': { description: 'What If-None-Match names is still what there is; no body' } }
      : {}),
    ...Object.fromEntries(failures),
    '431': headTooLarge,
  };
}

/** Answered before anything of the hub's own is reached, so without a body. */
const headTooLarge = { description: 'The request’s line and headers are larger than 64 KiB' };

function contentOf(response: TSchema | FileResponse | WrittenResponse): object {
  if (Kind in response) return { 'application/json': { schema: response } };
  return 'written' in response ? mediaOf(response.written) : mediaOf({ [response.file]: undefined });
}

const mediaOf = (types: Readonly<Record<string, TSchema | undefined>>): object =>
  Object.fromEntries(
    Object.entries(types).map(([type, schema]) => [type, { schema: schema ?? { type: 'string', format: 'binary' } }]),
  );

const bodyErrors: readonly ErrorKind[] = ['too-large', 'unsupported-media'];
