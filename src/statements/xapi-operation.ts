import { type TObject, type TSchema, Type } from '@sinclair/typebox';
import { requireApplication, type Scope } from '../applications/caller';
import { type ErrorKind, invalid } from '../errors';
import {
  type Envelope,
  type JudgedQuery,
  type Operation,
  operation,
  type StreamedBody,
  type Value,
  type WrittenResponse,
} from '../http/operation';
import type { Resources } from '../resources';
import { versionOf, versionsUpTo, type XapiVersion } from './formats.rules';
import { type Reach, wholeReach } from './reach';

type Parameters = Readonly<Partial<Record<string, string>>>;

/** What an operation of xAPI is handed: its parameters as texts, each known and given once, and whose request it is. */
export interface XapiInput<B> extends Pick<Envelope<undefined, undefined>, 'caller' | 'request'> {
  parameters: Parameters;
  body: Value<B>;
  version: XapiVersion;
  applicationId: string;
  reach: Reach;
}

interface XapiOperation<B, R> {
  id: string;
  summary: string;
  method: Operation['method'];
  /** After `/xapi`. */
  path: string;
  scopes: readonly Scope[];
  /** For the documentation, and for the names: the handler reads the values, and says what is wrong with them. */
  query?: TObject;
  body?: B;
  headers?: Readonly<Record<string, string>>;
  status: Operation['status'];
  response?: R;
  isDirect?: boolean;
  isConditional?: boolean;
  errors?: readonly ErrorKind[];
  handle: (input: XapiInput<B>, resources: Resources) => Promise<Value<R>>;
}

export const readScopes = ['read', 'read:hub'] as const;
export const writeScopes = ['write', 'write:hub'] as const;
export const deleteScopes = ['write', 'write:hub', 'delete'] as const;

/**
 * An operation under `/xapi`: it asks for a version that is spoken (1.0.3 Communication 3.3), refuses parameters that it does not know
 * (3.2), and every answer says through when it knows all statements.
 */
export function xapiOperation<
  B extends StreamedBody | undefined = undefined,
  R extends TSchema | WrittenResponse | undefined = undefined,
>({ path, query, headers, handle, ...definition }: XapiOperation<B, R>): Operation {
  const names = new Set(Object.keys(query?.properties ?? {}));
  return operation<undefined, JudgedQuery, B, R>({
    ...definition,
    tag: 'xAPI',
    path: `/xapi${path}`,
    query: { judged: query ?? Type.Object({}) },
    headers: { 'X-Experience-API-Version': '`1.0.3` or `2.0.0`', ...headers },
    handle: async ({ query: search, caller, request, body }, resources) => {
      const applicationId = requireApplication(caller);
      const through = await resources.consistentThrough.get(applicationId);
      if (through) request.setHeader('X-Experience-API-Consistent-Through', through.toISOString());
      const spoken = versionsUpTo(resources.config.xapi.newestVersion);
      const version = readVersion(request.headers['x-experience-api-version'], spoken);
      const parameters = readParameters(search, names);
      const reach = caller.reach ?? wholeReach(applicationId, resources);
      return handle({ caller, request, body, parameters, version, applicationId, reach }, resources);
    },
  });
}

function readVersion(header: string | string[] | undefined, spoken: readonly XapiVersion[]): XapiVersion {
  const version = versionOf(header, spoken);
  if (version) return version;
  const wrong =
    header === undefined
      ? 'The header X-Experience-API-Version is missing'
      : 'X-Experience-API-Version names a version that is not spoken here';
  throw invalid(`${wrong}: send ${spoken.join(' or ')}.`);
}

/** Refuses what is not one of these names, or there more than once. */
export function readParameters(search: URLSearchParams, names: ReadonlySet<string>): Parameters {
  const parameters: Record<string, string> = {};
  for (const [name, value] of search) {
    const path = name.slice(0, 100);
    if (!names.has(name)) throw refusedParameter(path, 'is not known here');
    if (Object.hasOwn(parameters, name)) throw refusedParameter(path, 'is there more than once');
    if (value.includes('\u0000')) throw refusedParameter(path, 'must not hold U+0000');
    parameters[name] = value;
  }
  return parameters;
}

export const refusedParameter = (path: string, message: string) =>
  invalid('The parameters are not as they should be.', { details: [{ path, message }] });
