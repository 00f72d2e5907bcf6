import { type TObject, type TSchema, Kind, OptionalKind } from '@sinclair/typebox';

/**
 * Turns a query string, or a form, into what a schema can judge. Unknown parameters are dropped, as the original services do; a
 * repeated parameter counts once, by its first value. Values that cannot be turned stay text, so that the schema refuses
 * them under their own name.
 */
export function readQuery(schema: TObject, search: URLSearchParams): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties)) {
    const text = search.get(name);
    if (text === null || (text === '' && isOptional(property))) continue;
    values[name] = coerce(property, text);
  }
  return values;
}

const isOptional = (schema: TSchema): boolean => OptionalKind in schema;

function coerce(schema: TSchema, text: string): unknown {
  switch (schema[Kind]) {
    case 'Boolean':
      // Python clients write True and False.
      return { true: true, false: false }[text.toLowerCase()] ?? text;
    case 'Integer':
    case 'Number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case 'Array':
      // `a,b` as the clients' csv format writes it; `a%2Cb` reads the same once it is decoded.
      return text.split(',').map((part) => part.trim());
    default:
      return text;
  }
}
