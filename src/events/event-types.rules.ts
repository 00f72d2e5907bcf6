import { whyNotStorable } from './json-limits.rules';

const maxBytes = 64 * 1024;
const maxDepth = 50;
/** Subschemas that checking one value may come by, each reference counted with all that is behind it. */
const maxExpanded = 5000;
const maxPatternLength = 200;
const maxUniqueItems = 1000;

/** Names that lead elsewhere, or make a reference mean what cannot be seen here. */
const foreign = ['$id', '$anchor', '$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor'];

const dialects = ['https://json-schema.org/draft/2020-12/schema'];

/**
 * Why a JSON Schema is not taken, as the end of a sentence that begins with it; undefined when it is. One who writes it is
 * trusted with the hub, not with its time: checking an event must cost little whatever its EventData are, so references stay
 * inside and do not go round, and patterns cannot backtrack at length.
 */
export function whyNoSchema(schema: object): string | undefined {
  const problem = whyNotStorable(schema, maxDepth);
  if (problem !== undefined) return problem;
  if (Buffer.byteLength(JSON.stringify(schema)) > maxBytes) return `may be up to ${maxBytes} bytes`;
  try {
    new SchemaWalk(schema).visit(schema);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

class Refusal extends Error {}

/** Goes the ways that checking a value could go, and some more: every object within is taken for a schema. */
class SchemaWalk {
  private readonly under = new Set<string>();
  private visited = 0;

  constructor(private readonly root: object) {}

  visit(node: unknown): void {
    if (typeof node !== 'object' || node === null) return;
    this.visited += 1;
    if (this.visited > maxExpanded) throw new Refusal(`may hold up to ${maxExpanded} subschemas, references followed`);
    if (!Array.isArray(node)) this.check(node as Record<string, unknown>);
    for (const member of Object.values(node)) this.visit(member);
  }

  private check(node: Record<string, unknown>): void {
    const named = foreign.find((name) => typeof node[name] === 'string');
    if (named !== undefined) throw new Refusal(`must not use ${named}`);
    const dialect = node['$schema'];
    if (dialect !== undefined && !dialects.some((known) => known === dialect)) {
      throw new Refusal(`can only be of the dialect ${dialects.join(', ')}`);
    }
    if (typeof node['pattern'] === 'string') checkPattern(node['pattern']);
    if (isObject(node['patternProperties'])) Object.keys(node['patternProperties']).forEach(checkPattern);
    // Comparing each item with each other.
    if (node['uniqueItems'] === true && !(Number(node['maxItems']) <= maxUniqueItems)) {
      throw new Refusal(`has uniqueItems without maxItems of up to ${maxUniqueItems}`);
    }
    if (typeof node['$ref'] === 'string') this.follow(node['$ref']);
  }

  private follow(reference: string): void {
    if (this.under.has(reference)) throw new Refusal(`refers to itself through ${reference.slice(0, 100)}`);
    this.under.add(reference);
    this.visit(this.at(reference));
    this.under.delete(reference);
  }

  private at(reference: string): unknown {
    if (!reference.startsWith('#/')) throw new Refusal('may refer only to parts of itself: #/$defs/…');
    let node: unknown = this.root;
    for (const part of reference.slice(2).split('/')) {
      const name = unescaped(part);
      node = isObject(node) && Object.hasOwn(node, name) ? node[name] : undefined;
    }
    if (!isObject(node)) throw new Refusal(`refers to ${reference.slice(0, 100)}, which is not in it`);
    return node;
  }
}

/** RFC 6901, in a URI fragment. A broken escape names nothing. */
function unescaped(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return part;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * No repeated group, no back reference, no look-around, and one open-ended repetition at most: what is left takes at most
 * the square of a text's length, and texts that are matched are short (compile-schema.ts).
 */
function checkPattern(pattern: string): void {
  if (pattern.length > maxPatternLength) throw new Refusal(`has a pattern of more than ${maxPatternLength} characters`);
  const plain = pattern.replace(/\\[^1-9k]/g, 'x').replace(/\[(?:\\.|[^\]])*\]/g, 'x');
  const refuse = (what: string): never => {
    throw new Refusal(`has a pattern with ${what}: ${pattern}`);
  };
  if (/\\[1-9k]/.test(plain)) refuse('a back reference');
  if (/\(\?(?!:)/.test(plain)) refuse('a look-around or a named group');
  if (/\)(?:[*+]|\{)/.test(plain)) refuse('a repeated group');
  if ((plain.match(/[*+]|\{\d+,\}/g) ?? []).length > 1) refuse('more than one open-ended repetition');
  if ((plain.match(/\{(\d+)/g) ?? []).some((count) => Number(count.slice(1)) > 1000)) refuse('a repetition over 1000');
  if (!isPattern(pattern)) refuse('a mistake');
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
