import type { TSchema } from '@sinclair/typebox';
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { type ErrorDetail, internal, invalid } from '../errors';

const ajv = addFormats(new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }), { keywords: false });

const compiled = new WeakMap<TSchema, ValidateFunction>();

function compile(schema: TSchema): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  const validate = ajv.compile(schema);
  compiled.set(schema, validate);
  return validate;
}

/** More problems than this in one request are counted, not listed. */
const maxDetails = 20;

/** Throws an invalid AppError that names every member at fault. `what` is "query", "body" …: where the members lie. */
export function assertValid(schema: TSchema, value: unknown, what: string): void {
  const details = findProblems(schema, value);
  if (details.length > 0) throw invalid(`The ${what} is not as it should be.`, { details });
}

/** What is wrong with a value, by its members; nothing where it fits. */
export function findProblems(schema: TSchema, value: unknown): ErrorDetail[] {
  const validate = compile(schema);
  return validate(value) ? [] : problemsOf(validate.errors ?? []);
}

/** The same for what the hub itself answers: a mismatch is our fault. */
export function assertValidReply(schema: TSchema, value: unknown, operationId: string): void {
  const validate = compile(schema);
  if (validate(value)) return;
  throw internal(`The reply of ${operationId} does not fit its schema: ${ajv.errorsText(validate.errors)}`);
}

function problemsOf(errors: readonly ErrorObject[]): ErrorDetail[] {
  const byPath = new Map<string, string>();
  for (const error of errors) {
    const { path, message } = problemOf(error);
    // Of the alternatives of a union, the first problem says enough.
    if (!byPath.has(path)) byPath.set(path, message);
  }
  return [...byPath].slice(0, maxDetails).map(([path, message]) => ({ path, message }));
}

function problemOf({ instancePath, keyword, params, message = 'is not valid' }: ErrorObject): ErrorDetail {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
  const under = (name: unknown): string => (path ? `${path}.${String(name)}` : String(name));
  switch (keyword) {
    case 'required':
      return { path: under(params['missingProperty']), message: 'is required' };
    case 'additionalProperties':
      return { path: under(params['additionalProperty']), message: 'is not known here' };
    case 'enum':
      return { path, message: `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}` };
    case 'const':
      return { path, message: `must be ${String(params['allowedValue'])}` };
    case 'format':
      return { path, message: `must be a ${formatNames[params['format'] as string] ?? String(params['format'])}` };
    case 'minLength':
      return { path, message: params['limit'] === 1 ? 'must not be empty' : message };
    default:
      return { path, message };
  }
}

const formatNames: Readonly<Record<string, string>> = {
  uuid: 'UUID',
  uri: 'absolute URL',
  'date-time': 'date and time (RFC 3339)',
};
