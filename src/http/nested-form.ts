import { invalid } from '../errors';

/** A member of a form as Rails nests them: text, a list (`tags[]`), or members of its own (`lo[name]`). */
type FormValue = string | string[] | FormObject;
interface FormObject {
  [name: string]: FormValue;
}

/** More fields than any form here has: each is looked at one by one. */
const maxFields = 1000;
const maxDepth = 5;

/**
 * Reads form fields as Rails nests them: `lo[name]=x&lo[tags][]=a&lo[tags][]=b` is `{lo: {name: 'x', tags: ['a', 'b']}}`.
 * Of a text that comes twice the last counts, as there. Lists hold texts only.
 */
export function readNestedForm(fields: URLSearchParams): FormObject {
  if (fields.size > maxFields) throw invalid(`The form may have up to ${maxFields} fields.`);
  const form = emptyObject();
  for (const [name, value] of fields) put(form, partsOf(name), value, name);
  return form;
}

/** Without a prototype: a field may be named `__proto__`. */
const emptyObject = (): FormObject => Object.create(null) as FormObject;

/** `lo[tags][]` is `lo`, `tags`, and an empty part for the list. A name that is not nested is one part. */
function partsOf(name: string): string[] {
  const nested = /^([^[\]]+)((?:\[[^[\]]*\])+)$/.exec(name);
  if (!nested) return [name];
  return [nested[1]!, ...nested[2]!.slice(1, -1).split('][')];
}

function put(form: FormObject, parts: readonly string[], value: string, name: string): void {
  if (parts.length > maxDepth) throw invalid(`The form's field ${name.slice(0, 100)} is nested too deeply.`);
  const isList = parts.at(-1) === '' && parts.length > 1;
  const path = isList ? parts.slice(0, -1) : parts;
  let object = form;
  for (const part of path.slice(0, -1)) {
    const member = (object[part] ??= emptyObject());
    if (typeof member === 'string' || Array.isArray(member)) throw contradiction(name);
    object = member;
  }
  const last = path.at(-1)!;
  const there = object[last];
  if (isList && Array.isArray(there)) there.push(value);
  else if (isList && there === undefined) object[last] = [value];
  else if (!isList && typeof there !== 'object') object[last] = value;
  else throw contradiction(name);
}

const contradiction = (name: string) =>
  invalid(
    `The form's field ${name.slice(0, 100)} contradicts another: it cannot be a text, a list and an object at once.`,
  );
