import { entityTypes } from './entity-types';
import { isDuration, isEmail, isEntityId, isTime } from './formats.rules';
import type { Kind, Scalar, Shape } from './kinds';
import { isAbsent, isObject, type JsonObject, memberPath, quoted, type Report } from './problems.rules';

/** Looks at one value and reports what is wrong with it, at paths from `path` on. */
export type Check = (value: unknown, path: string, report: Report) => void;

/** Types that may stand somewhere, with all their subtypes, and how to say so. */
export interface AllowedTypes {
  includes: (type: string) => boolean;
  wording: string;
}

interface Members {
  /** "a Person": for messages. */
  name: string;
  checks: ReadonlyMap<string, Check>;
  required: readonly string[];
}

const typed = (fits: (text: string) => boolean, expected: string): Check => {
  return (value, path, report) => {
    if (typeof value !== 'string' || !fits(value)) report(path, `must be ${expected}, not ${quoted(value)}`);
  };
};

const numeric = (fits: (number: number) => boolean, expected: string): Check => {
  return (value, path, report) => {
    if (typeof value !== 'number' || !fits(value)) report(path, `must be ${expected}, not ${quoted(value)}`);
  };
};

const scalars: Readonly<Record<Scalar, Check>> = {
  text: typed(() => true, 'a text'),
  entityId: typed(isEntityId, 'an absolute IRI, such as https://example.edu/users/1'),
  email: typed(isEmail, 'an email address'),
  time: typed(isTime, 'a time in UTC, such as 2026-01-31T12:00:00.000Z'),
  duration: typed(isDuration, 'an ISO 8601 duration, such as PT1H12M27S'),
  boolean: (value, path, report) => {
    if (typeof value !== 'boolean') report(path, `must be true or false, not ${quoted(value)}`);
  },
  integer: numeric(Number.isInteger, 'a whole number'),
  count: numeric((number) => Number.isInteger(number) && number >= 0, 'a whole number from 0'),
  number: numeric(() => true, 'a number'),
  amount: numeric((number) => number >= 0, 'a number from 0'),
  map: (value, path, report) => {
    if (!isObject(value)) report(path, `must be an object with your own attributes, not ${quoted(value)}`);
  },
  anything: () => undefined,
};

/** The check that a kind describes. Made once for each, when the tables are loaded. */
export function compileKind(kind: Kind): Check {
  if (typeof kind === 'string') return scalars[kind];
  if ('oneOf' in kind) return compileChoice(kind.oneOf);
  if ('list' in kind) return compileList(compileKind(kind.list));
  if ('entity' in kind) return entityCheck(allowTypes(kind.entity));
  if ('shape' in kind) return compileShape(kind.shape);
  if ('byType' in kind) return compileVariants(kind.byType);
  if ('integerFrom' in kind) {
    const { integerFrom } = kind;
    return numeric((number) => Number.isInteger(number) && number >= integerFrom, `a whole number from ${integerFrom}`);
  }
  const { from, to } = kind;
  return numeric((number) => number >= from && number <= to, `a number from ${from} to ${to}`);
}

/** Longer lists of terms are in docs/caliper.md, not in every message. */
const maxListed = 20;

const listed = (values: readonly string[]): string =>
  values.length > maxListed ? `${values.slice(0, maxListed).join(', ')}…` : values.join(', ');

function compileChoice(values: readonly string[]): Check {
  const known = new Set(values);
  return typed((text) => known.has(text), values.length === 1 ? `"${values[0]}"` : `one of ${listed(values)}`);
}

const compileList =
  (check: Check): Check =>
  (value, path, report) => {
    if (!Array.isArray(value)) return report(path, `must be a list, not ${quoted(value)}`);
    for (let i = 0; i < value.length; i++) check(value[i], `${path}[${i}]`, report);
  };

const compileMembers = (name: string, { members, required }: Shape): Members => ({
  name,
  checks: new Map(Object.entries(members).map(([member, kind]) => [member, compileKind(kind)])),
  required,
});

function compileShape(shape: Shape): Check {
  const members = compileMembers('this object', shape);
  return (value, path, report) => {
    if (isObject(value)) checkMembers(value, members, path, report);
    else report(path, `must be an object, not ${quoted(value)}`);
  };
}

function compileVariants(shapes: Readonly<Record<string, Shape>>): Check {
  const checkType = compileChoice(Object.keys(shapes));
  const variants = new Map(Object.entries(shapes).map(([type, shape]) => [type, compileShape(shape)]));
  return (value, path, report) => {
    const check = isObject(value) && typeof value.type === 'string' ? variants.get(value.type) : undefined;
    if (check) check(value, path, report);
    else if (isObject(value)) checkType(value.type, memberPath(path, 'type'), report);
    else report(path, `must be an object, not ${quoted(value)}`);
  };
}

function checkMembers(value: JsonObject, { name, checks, required }: Members, path: string, report: Report): void {
  for (const member in value) {
    if (isAbsent(value[member])) continue;
    const check = checks.get(member);
    if (check) check(value[member], memberPath(path, member), report);
    else report(memberPath(path, member), `is not an attribute of ${name}: put attributes of your own into extensions`);
  }
  for (const member of required) {
    if (isAbsent(value[member])) report(memberPath(path, member), `is missing: ${name} needs it`);
  }
}

/** A type's supertypes, itself included. */
function lineage(type: string): string[] {
  return [type, ...(entityTypes[type]?.of ?? []).flatMap(lineage)];
}

const supertypes: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.keys(entityTypes).map((type) => [type, new Set(lineage(type))]),
);

export const isEntityType = (type: string): boolean => supertypes.has(type);

export const withArticle = (type: string): string => `${/^[AEIO]/.test(type) ? 'an' : 'a'} ${type}`;

/** Types by name, each with its subtypes. */
export function allowTypes(types: readonly string[]): AllowedTypes {
  const names = new Set(
    Object.keys(entityTypes).filter((type) => types.some((allowed) => supertypes.get(type)?.has(allowed))),
  );
  return { includes: (type) => names.has(type), wording: types.map(withArticle).join(' or ') };
}

/** Attributes of a type: its own before those of its supertypes, because they are narrower. */
function attributesOf(type: string): Shape {
  const types = lineage(type).reverse();
  return {
    members: Object.assign({}, ...types.map((each) => entityTypes[each]?.attributes)) as Shape['members'],
    required: ['id', 'type', ...new Set(types.flatMap((each) => entityTypes[each]?.required ?? []))],
  };
}

/** Filled below: attributes are entities themselves, so their checks look here only when they run. */
const entityMembers = new Map<string, Members>();

/** An object with what its type has, or an IRI. */
export function entityCheck(allowed: AllowedTypes): Check {
  return (value, path, report) => {
    if (typeof value === 'string') return scalars.entityId(value, path, report);
    if (isObject(value)) return checkEntity(value, allowed, path, report);
    report(path, `must be ${allowed.wording}: an object with id and type, or its IRI, not ${quoted(value)}`);
  };
}

export function checkEntity(value: JsonObject, allowed: AllowedTypes, path: string, report: Report): void {
  const { type } = value;
  const members = typeof type === 'string' ? entityMembers.get(type) : undefined;
  if (members === undefined) {
    report(memberPath(path, 'type'), `must be a term of Caliper 1.2 for ${allowed.wording}, not ${quoted(type)}`);
    if (isAbsent(value.id)) report(memberPath(path, 'id'), 'is missing: every entity needs it');
    return;
  }
  if (!allowed.includes(type as string)) {
    report(memberPath(path, 'type'), `must be ${allowed.wording} or a subtype, not ${quoted(type)}`);
  }
  checkMembers(value, members, path, report);
}

for (const type of Object.keys(entityTypes)) {
  entityMembers.set(type, compileMembers(withArticle(type), attributesOf(type)));
}
