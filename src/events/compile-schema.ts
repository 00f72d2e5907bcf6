import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { type ErrorDetail, invalid, messageOf } from '../errors';
import { whyNoSchema } from './event-types.rules';

/** Longer texts fit no pattern: matching takes time that grows faster than they do. */
const maxMatchedLength = 1000;
/** Schemas that are kept compiled. */
const maxCompiled = 500;

function guardedRegExp(pattern: string, flags: string): { test: (text: string) => boolean } {
  const expression = new RegExp(pattern, flags);
  return { test: (text) => text.length <= maxMatchedLength && expression.test(text) };
}
/** For Ajv's standalone code, which the hub does not write. */
const regExp = Object.assign(guardedRegExp, { code: 'new RegExp' });

/** Formats that are checked; others are remarks. */
const formats = ['date-time', 'date', 'time', 'email', 'uuid', 'uri', 'ipv4', 'ipv6'] as const;

const compiled = new Map<string, ValidateFunction>();

/** Each schema once, whatever it is called for. Throws invalid for one that is not taken. */
export function compileSchema(schema: object): ValidateFunction {
  const text = JSON.stringify(schema);
  const known = compiled.get(text);
  if (known) return known;
  const validate = compileNew(schema);
  compiled.set(text, validate);
  if (compiled.size > maxCompiled) compiled.delete(compiled.keys().next().value!);
  return validate;
}

function compileNew(schema: object): ValidateFunction {
  const problem = whyNoSchema(schema);
  if (problem !== undefined) throw schemaRefused(problem);
  // Its own, so that what is no longer kept is freed.
  const ajv = addFormats(new Ajv2020({ strict: false, logger: false, code: { regExp } }), {
    mode: 'fast',
    formats: [...formats],
  });
  try {
    return ajv.compile(schema);
  } catch (error) {
    throw schemaRefused(`is not one: ${messageOf(error).slice(0, 500)}`);
  }
}

const schemaRefused = (message: string) =>
  invalid('The schema cannot be used.', { details: [{ path: 'schema', message }] });

/** Throws invalid, with the path below EventData, when the data do not fit. */
export function assertFits(validate: ValidateFunction, data: object, type: string): void {
  if (validate(data)) return;
  const details: ErrorDetail[] = (validate.errors ?? [])
    .slice(0, 20)
    .map(({ instancePath, params, message, keyword }) => {
      const missing = keyword === 'required' ? `/${String(params['missingProperty'])}` : '';
      const extra = keyword === 'additionalProperties' ? `/${String(params['additionalProperty'])}` : '';
      return {
        path: `EventData${instancePath}${missing}${extra}`
          .replaceAll('/', '.')
          .replaceAll('~1', '/')
          .replaceAll('~0', '~'),
        message: message ?? 'is not valid',
      };
    });
  throw invalid(`EventData do not fit the schema of ${type}.`, { details });
}
