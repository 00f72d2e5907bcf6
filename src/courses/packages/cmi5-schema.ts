import { type AppError, invalid } from '../../errors';
import { shorten } from './descriptor-text';
import { XmlElement } from './xml';

export const cmi5Namespace = 'https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd';

/** A refusal that says where in the course structure. */
export const cmi5Refusal = (element: XmlElement, code: string, reason: string): AppError =>
  invalid(`cmi5.xml, line ${element.line}: ${reason}`, { code });

/** What CourseStructure.xsd says of one kind of element. */
interface ElementType {
  /** Its attributes; those of other namespaces are allowed where `extensible`. */
  attributes?: Record<string, AttributeType>;
  /** What it contains, in this order. Absent: text only. */
  content?: Particle[];
  /** Whether `content` may come in any order (`xs:all`). */
  anyOrder?: boolean;
  /** Whether elements of other namespaces may follow its content, and attributes of other namespaces stand in it. */
  extensible?: boolean;
  /** `xs:anyType`: anything inside. */
  anything?: boolean;
}

/** One or, where `many`, several of these elements; at least one unless `optional`. */
interface Particle {
  of: Record<string, ElementType>;
  optional?: boolean;
  many?: boolean;
}

interface AttributeType {
  required?: boolean;
  accepts?: (value: string) => boolean;
  /** What a value should be, for the message. */
  expected?: string;
}

const oneOf = (...values: string[]): AttributeType => ({
  accepts: (value) => values.includes(value),
  expected: `one of ${values.join(', ')}`,
});

const text: ElementType = {};
const required: AttributeType = { required: true };
const one = (name: string, type: ElementType): Particle => ({ of: { [name]: type } });
const optional = (name: string, type: ElementType): Particle => ({ of: { [name]: type }, optional: true });
const several = (of: Record<string, ElementType>): Particle => ({ of, many: true });

const languageString: ElementType = {
  attributes: {
    lang: {
      accepts: (value) => /^[a-z]{1,8}(-[a-z0-9]{1,8})*$/i.test(value),
      expected: 'a language tag, for instance en-US',
    },
  },
  extensible: true,
};
const languageStrings: ElementType = { content: [several({ langstring: languageString })], extensible: true };
const titleAndDescription = [one('title', languageStrings), one('description', languageStrings)];

const objectives: ElementType = {
  content: [several({ objective: { attributes: { id: required }, content: titleAndDescription, anyOrder: true } })],
  extensible: true,
};
const objectiveReferences: ElementType = {
  content: [several({ objective: { attributes: { idref: required } } })],
  extensible: true,
};

const au: ElementType = {
  attributes: {
    id: required,
    moveOn: oneOf('NotApplicable', 'Passed', 'Completed', 'CompletedAndPassed', 'CompletedOrPassed'),
    masteryScore: { accepts: isShare, expected: 'a decimal from 0 to 1' },
    launchMethod: oneOf('AnyWindow', 'OwnWindow'),
    activityType: {},
    // Of the drafts before v1; published courses still carry it.
    authenticationMethod: oneOf('Basic'),
  },
  content: [
    ...titleAndDescription,
    optional('objectives', objectiveReferences),
    one('url', text),
    optional('launchParameters', { anything: true }),
    optional('entitlementKey', { anything: true }),
  ],
  extensible: true,
};

const block: ElementType = { attributes: { id: required }, content: [], extensible: true };
const units = several({ au, block });
block.content = [...titleAndDescription, optional('objectives', objectiveReferences), units];

const courseStructure: ElementType = {
  content: [
    one('course', { attributes: { id: required }, content: titleAndDescription, extensible: true }),
    optional('objectives', objectives),
    units,
  ],
  extensible: true,
};

/** The course structure without what other namespaces added to it: an LMS may ignore extensions (cmi5 13.1.5). */
export function withoutExtensions(element: XmlElement): XmlElement {
  const attributes = element.attributes.filter(({ namespace }) => namespace === '');
  const bare = new XmlElement(element.namespace, element.name, attributes, element.line);
  bare.text = element.text;
  for (const child of element.children) {
    if (child.namespace === cmi5Namespace) bare.children.push(withoutExtensions(child));
  }
  return bare;
}

/** Refuses what CourseStructure.xsd (cmi5 13.2) would: order, number and namespace of elements, attributes and their values. */
export function checkCmi5Structure(root: XmlElement): void {
  if (root.name !== 'courseStructure') {
    throw cmi5Refusal(
      root,
      'cmi5_structure',
      `the first element is <${shorten(root.name, 50)}>, not <courseStructure>.`,
    );
  }
  if (root.namespace !== cmi5Namespace) {
    const found = root.namespace ? `"${shorten(root.namespace, 200)}"` : 'none';
    throw cmi5Refusal(root, 'cmi5_namespace', `the namespace must be "${cmi5Namespace}", but is ${found}.`);
  }
  checkElement(root, courseStructure);
}

function checkElement(element: XmlElement, type: ElementType): void {
  checkAttributes(element, type);
  if (type.anything) return;
  if (type.content && element.text.trim() !== '') {
    const found = shorten(element.text.trim(), 40);
    throw cmi5Refusal(element, 'cmi5_structure', `<${element.name}> must not contain text of its own ("${found}").`);
  }
  const own = element.children.filter(({ namespace }) => namespace === cmi5Namespace);
  checkExtensions(element, own, type);
  const left = type.anyOrder ? checkInAnyOrder(element, own, type) : checkSequence(element, own, type);
  if (left) throw unexpected(element, left, type);
}

/** Elements of other namespaces stand at the end, and never without a namespace (`##other`). */
function checkExtensions(element: XmlElement, own: XmlElement[], type: ElementType): void {
  const end = own.at(-1);
  const lastOwn = end ? element.children.indexOf(end) : -1;
  for (const [index, child] of element.children.entries()) {
    if (child.namespace === cmi5Namespace) continue;
    if (!type.extensible || child.namespace === '' || index < lastOwn) throw unexpected(element, child, type);
  }
}

/** Checks children against the content in order; returns the first that has no place. */
function checkSequence(element: XmlElement, children: XmlElement[], type: ElementType): XmlElement | undefined {
  let next = 0;
  for (const particle of type.content ?? []) {
    const start = next;
    for (let child = children[next]; child; child = children[next]) {
      const childType = lookUp(particle.of, child.name);
      if (!childType || (next > start && !particle.many)) break;
      checkElement(child, childType);
      next += 1;
    }
    if (next === start && !particle.optional) throw missing(element, particle, children[next]);
  }
  return children[next];
}

function checkInAnyOrder(element: XmlElement, children: XmlElement[], type: ElementType): XmlElement | undefined {
  const left = [...children];
  for (const particle of type.content ?? []) {
    const index = left.findIndex(({ name }) => lookUp(particle.of, name));
    const [child] = index < 0 ? [] : left.splice(index, 1);
    const childType = child && lookUp(particle.of, child.name);
    if (!child || !childType) throw missing(element, particle, left[0]);
    checkElement(child, childType);
  }
  return left[0];
}

const xmlSchemaInstance = 'http://www.w3.org/2001/XMLSchema-instance';
const xmlns = 'http://www.w3.org/2000/xmlns/';

function checkAttributes(element: XmlElement, type: ElementType): void {
  for (const { namespace, name, value } of element.attributes) {
    if (namespace === xmlns || namespace === xmlSchemaInstance) continue;
    const known = namespace === '' ? lookUp(type.attributes, name) : undefined;
    if (known) checkValue(element, name, value.trim(), known);
    else if (namespace === '' || namespace === cmi5Namespace || !type.extensible) {
      throw cmi5Refusal(element, 'cmi5_structure', `<${element.name}> has no attribute ${shorten(name, 50)}.`);
    }
  }
  for (const [name, { required: needed }] of Object.entries(type.attributes ?? {})) {
    const given = element.attributes.find((attribute) => attribute.namespace === '' && attribute.name === name);
    if (needed && !given?.value.trim()) {
      throw cmi5Refusal(element, 'cmi5_structure', `<${element.name}> needs the attribute ${name}.`);
    }
  }
}

function checkValue(element: XmlElement, name: string, value: string, { accepts, expected }: AttributeType): void {
  if (!accepts || accepts(value)) return;
  const message = `${name} of <${element.name}> is "${shorten(value, 50)}", but must be ${expected}.`;
  throw cmi5Refusal(element, 'cmi5_value', message);
}

/** `xs:decimal` knows no exponent. */
function isShare(value: string): boolean {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(value) && Number(value) >= 0 && Number(value) <= 1;
}

/** An author's name may be `constructor`. */
const lookUp = <T>(record: Record<string, T> | undefined, name: string): T | undefined =>
  record && Object.hasOwn(record, name) ? record[name] : undefined;

function missing(element: XmlElement, particle: Particle, found: XmlElement | undefined): AppError {
  const wanted = Object.keys(particle.of)
    .map((name) => `<${name}>`)
    .join(' or ');
  const instead = found ? ` before <${shorten(found.name, 50)}> at line ${found.line}` : '';
  return cmi5Refusal(element, 'cmi5_structure', `<${element.name}> needs ${wanted}${instead}.`);
}

function unexpected(element: XmlElement, child: XmlElement, type: ElementType): AppError {
  const names = (type.content ?? []).flatMap(({ of }) => Object.keys(of));
  const order = names.length > 0 ? `it holds ${names.join(', ')}, in this order` : 'it holds text only';
  const reason = `<${shorten(child.name, 50)}> has no place here in <${element.name}>: ${order}.`;
  return cmi5Refusal(child, 'cmi5_structure', reason);
}
