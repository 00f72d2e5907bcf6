import type { TObject, TSchema } from '@sinclair/typebox';
import { Kind } from '@sinclair/typebox';
import type Router from '@koa/router';
import type { RouterContext } from '@koa/router';
import { invalid } from '../errors';
import type { Resources } from '../resources';
import { authenticate, authenticateClient, requireScope } from './authentication';
import { readForm, readJson, readJsonOrForm, readStrictJson, refuseNul } from './body';
import { receiveMultipart } from './multipart';
import type { Envelope, FileAnswer, Input, Operation } from './operation';
import { readQuery } from './query';
import { assertValid, assertValidReply } from './validation';

type AnyEnvelope = Envelope<unknown, unknown>;

/** Puts an operation on the router. Order: who calls, may they, is the request well formed, then the verb. */
export function serve(routes: Router, operation: Operation, resources: Resources): void {
  const path = operation.path.replace(/\{(\w+)\}/g, ':$1');
  routes[operation.method](path, async (ctx: RouterContext) => {
    ctx.state['operationId'] = operation.id;
    decodeURIComponent(ctx.path); // Throws for a broken escape, which the router would leave as it is.
    ctx.state['scopes'] = operation.scopes;
    ctx.state['takesToken'] = operation.credentials !== 'client';
    const form = operation.bodyType === 'form' ? await takeForm(ctx) : undefined;
    const caller = await (operation.credentials === 'client'
      ? authenticateClient(ctx.headers, form, resources)
      : authenticate(ctx.headers, resources));
    ctx.state['caller'] = caller;
    requireScope(caller, operation.scopes);
    const envelope = {
      params: readParams(operation, ctx),
      query: readQueryOf(operation, ctx),
      caller,
      request: {
        id: ctx.state['requestId'],
        get log() {
          return ctx.state['log'];
        },
        headers: ctx.headers,
        signal: () => goneSignal(ctx),
        setHeader: (name: string, value: string) => ctx.set(name, value),
      },
    } as unknown as AnyEnvelope; // Checked by its schemas, which also typed the handler.
    await operation.admit?.(envelope, resources);
    const input = { ...envelope, ...(await readBody(operation, ctx, resources, form)) } as Input<never, never, never>;
    reply(operation, ctx, await operation.handle(input, resources), resources);
  });
}

function goneSignal({ res }: RouterContext): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  return gone.signal;
}

function readParams({ params }: Operation, ctx: RouterContext): unknown {
  if (!params) return undefined;
  const values = coerceIntegers(params as TObject, ctx.params);
  refuseNul(values);
  assertValid(params as TSchema, values, 'path');
  return values;
}

function coerceIntegers(schema: TObject, values: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => [
      name,
      schema.properties[name]?.[Kind] === 'Integer' && /^-?\d{1,15}$/.test(text) ? Number(text) : text,
    ]),
  );
}

function readQueryOf({ query }: Operation, ctx: RouterContext): unknown {
  if (!query) return undefined;
  const values = readQuery(query as TObject, ctx.URL.searchParams);
  refuseNul(values);
  assertValid(query as TSchema, values, 'query');
  return values;
}

/** Before it is known who calls: the form may say so. */
async function takeForm(ctx: RouterContext): Promise<URLSearchParams> {
  ctx.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
  return readForm(ctx.req);
}

async function readBody(
  operation: Operation,
  ctx: RouterContext,
  resources: Resources,
  form: URLSearchParams | undefined,
): Promise<object> {
  const { body, bodyType, multipart } = operation;
  if (multipart) {
    const { fields, file } = await receiveMultipart(ctx.req, resources.content, {
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
  if (bodyType === 'judged') return readStrictJson(ctx.req, operation.maxBodyBytes?.(resources));
  const read = bodyType === 'json-or-form' ? readJsonOrForm : readJson;
  const value = form ? readQuery(body as TObject, form) : await read(ctx.req);
  assertValid(body as TSchema, value, form ? 'form' : 'body');
  return { body: value };
}

function reply(operation: Operation, ctx: RouterContext, value: unknown, { config }: Resources): void {
  ctx.status = operation.status;
  if (operation.status === 204) {
    ctx.body = null;
    return;
  }
  if (isFile(operation.response)) {
    replyWithFile(ctx, value as FileAnswer);
    return;
  }
  if (!operation.response) {
    ctx.body = '';
    ctx.remove('Content-Type');
    return;
  }
  if (operation.isConditional && ctx.fresh) {
    ctx.status = 304;
    return;
  }
  if (config.checkReplies) assertValidReply(operation.response as TSchema, value, operation.id);
  ctx.type = 'application/json; charset=utf-8';
  ctx.body = JSON.stringify(value);
}

const isFile = (response: unknown): boolean => typeof response === 'object' && response !== null && 'file' in response;

/** As a download, never shown in place: what partners put into courses is not to run under this origin. */
function replyWithFile(ctx: RouterContext, { fileName, size, etag, body }: FileAnswer): void {
  if (etag !== undefined) ctx.set('ETag', etag);
  if (ctx.fresh) {
    body.destroy();
    ctx.status = 304;
    return;
  }
  ctx.attachment(fileName);
  ctx.body = body;
  if (size !== undefined) ctx.length = size;
}
