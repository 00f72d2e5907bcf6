import type { TObject, TSchema } from '@sinclair/typebox';
import { Kind, OptionalKind } from '@sinclair/typebox';
import type { ErrorKind } from '../errors';
import { version } from '../version';
import { dialectOf, statusOf } from './dialects';
import type { FileResponse, Operation } from './operation';

/** What every operation can answer, beside its own. */
const commonErrors: readonly ErrorKind[] = ['invalid', 'unauthenticated', 'forbidden', 'internal', 'unavailable'];

const errorTexts: Readonly<Record<ErrorKind, string>> = {
  invalid: 'The request is not as it should be; the message says where',
  unauthenticated: 'Credentials are missing or wrong',
  forbidden: 'The key lacks the scope that the message names',
  'not-found': 'There is no such thing in this application',
  'method-not-allowed': 'Another method is meant; see the Allow header',
  conflict: 'It is there already, or is being made',
  gone: 'It was there once',
  'too-large': 'The body is larger than the limit',
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
      description: 'The APIs that learning software already speaks, joined: one key works on every door.',
    },
    servers: [{ url: serverUrl }],
    security: [{ key: [] }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'basic', description: 'A key’s id as user, its secret as password' },
      },
    },
  };
}

function describe(operation: Operation): object {
  const parameters = [
    ...parametersOf(operation.params as TObject | undefined, 'path'),
    ...parametersOf(operation.query as TObject | undefined, 'query'),
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
    description: `Scopes: any of ${operation.scopes.join(', ')}.`,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses: responsesOf(operation),
  };
}

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

function bodyOf({ body, multipart }: Operation): object | undefined {
  if (multipart) {
    const fields = multipart.fields as TObject;
    const schema = {
      type: 'object',
      properties: { ...fields.properties, [multipart.file]: { type: 'string', format: 'binary' } },
      ...(multipart.fileRequired ? { required: [...(fields.required ?? []), multipart.file] } : {}),
    };
    return { required: true, content: { 'multipart/form-data': { schema } } };
  }
  return body ? { required: true, content: { 'application/json': { schema: body as TSchema } } } : undefined;
}

function responsesOf(operation: Operation): Record<string, object> {
  const { status, response, path } = operation;
  const success = response
    ? { description: 'Done', content: contentOf(response as TSchema | FileResponse) }
    : { description: 'Done; no body' };
  const contentType = dialectOf(path).contentType.split(';')[0]!;
  const kinds = [
    ...commonErrors,
    ...(operation.multipart || operation.body ? bodyErrors : []),
    ...(operation.errors ?? []),
  ];
  const failures = kinds.map((kind) => [
    String(statusOf[kind]),
    { description: errorTexts[kind], content: { [contentType]: { schema: dialectOf(path).schema } } },
  ]);
  return { [String(status)]: success, ...Object.fromEntries(failures) };
}

const contentOf = (response: TSchema | FileResponse): object =>
  isSchema(response)
    ? { 'application/json': { schema: response } }
    : { [response.file]: { schema: { type: 'string', format: 'binary' } } };

const isSchema = (response: TSchema | FileResponse): response is TSchema => Kind in response;

const bodyErrors: readonly ErrorKind[] = ['too-large', 'unsupported-media'];
