import { SaxesParser, type SaxesAttributeNS } from 'saxes';
import { type AppError, invalid } from '../../errors';
import { decodeXml } from './decode-descriptor';
import { descriptorLimits } from './descriptor-limits';
import type { ParserWarnings } from './parser-warnings';

export interface XmlAttribute {
  /** Empty for one without a prefix. */
  namespace: string;
  name: string;
  value: string;
}

const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/';

/** An element with its namespace, whatever prefix it was written with. Look-ups ignore case and namespace: SCORM is lenient. */
export class XmlElement {
  readonly children: XmlElement[] = [];
  /** Its own text, CDATA included, without that of its children. */
  text = '';

  constructor(
    readonly namespace: string,
    readonly name: string,
    readonly attributes: readonly XmlAttribute[],
    /** Where it begins, from 1. */
    readonly line: number,
  ) {}

  find(name: string): XmlElement | undefined {
    return this.children.find((child) => sameName(child.name, name));
  }

  findAll(name: string): XmlElement[] {
    return this.children.filter((child) => sameName(child.name, name));
  }

  /** The trimmed value of an attribute, one without a namespace before one with; undefined when absent or blank. */
  attribute(name: string): string | undefined {
    const matches = this.attributes.filter((one) => one.namespace !== xmlnsNamespace && sameName(one.name, name));
    const attribute = matches.find((one) => one.namespace === '') ?? matches[0];
    return attribute?.value.trim() || undefined;
  }

  /** The trimmed text of the first child of that name; undefined when absent or blank. */
  textOf(name: string): string | undefined {
    return this.find(name)?.text.trim() || undefined;
  }

  /** This element and all below it. */
  *walk(): Generator<XmlElement> {
    const left: XmlElement[] = [this];
    for (let element = left.pop(); element; element = left.pop()) {
      yield element;
      for (const child of element.children.toReversed()) left.push(child);
    }
  }

  /** Namespaces that are declared or used here. */
  namespaces(): string[] {
    const declared = this.attributes.filter((one) => one.namespace === xmlnsNamespace).map((one) => one.value.trim());
    return [this.namespace, ...declared];
  }
}

/** Elements by an attribute; those without it are left out, and of several the last stays. */
export const indexBy = (elements: readonly XmlElement[], attribute: string): Map<string, XmlElement> =>
  new Map(
    elements.flatMap((element): [string, XmlElement][] => {
      const value = element.attribute(attribute);
      return value === undefined ? [] : [[value, element]];
    }),
  );

export interface XmlReading {
  /** The file's path, for messages. */
  file: string;
  /** Where leniencies are told. Without it the file is read strictly: each of them is a refusal. */
  warnings?: ParserWarnings;
}

/**
 * The root element of an XML file. Nothing is ever fetched or expanded: a file that declares entities is refused, and only the
 * five predefined ones and character references mean something.
 */
export function parseXml(bytes: Buffer, { file, warnings }: XmlReading): XmlElement {
  const { text, problem } = decodeXml(bytes);
  if (problem && !warnings) throw invalid(`${file} ${problem}. Save it as UTF-8.`, { code: 'bad_encoding' });
  if (problem) warnings?.add(`${file} ${problem}. Save it as UTF-8.`);
  return new XmlTreeBuilder(file, warnings).build(text);
}

class XmlTreeBuilder {
  private readonly parser: SaxesParser<{ xmlns: true }>;
  private readonly open: XmlElement[] = [];
  private readonly unboundPrefixes = new Set<string>();
  private root: XmlElement | undefined;
  /** The element closed last: an end tag that does not match closes the one at hand before it is found wrong. */
  private closed: XmlElement | undefined;
  private elements = 0;

  constructor(
    private readonly file: string,
    private readonly warnings: ParserWarnings | undefined,
  ) {
    this.parser = new SaxesParser({
      xmlns: true,
      ...(warnings && { resolvePrefix: (prefix: string) => this.unbound(prefix) }),
    });
    this.parser.on('error', ({ message }) => {
      throw this.malformed(message.replace(/^\d+:\d+: /, ''));
    });
    this.parser.on('doctype', (doctype) => this.checkDoctype(doctype));
    this.parser.on('opentag', ({ uri, local, attributes }) => this.push(uri, local, Object.values(attributes)));
    this.parser.on('closetag', () => {
      this.closed = this.open.pop();
    });
    this.parser.on('text', (text) => this.addText(text));
    this.parser.on('cdata', (text) => this.addText(text));
  }

  build(text: string): XmlElement {
    this.parser.write(text).close();
    if (!this.root) throw this.malformed('there is no element');
    if (this.unboundPrefixes.size > 0) {
      const prefixes = [...this.unboundPrefixes].slice(0, 5).join(', ');
      this.warnings?.add(`${this.file} uses prefixes that no xmlns declares: ${prefixes}.`);
    }
    return this.root;
  }

  private push(namespace: string, name: string, attributes: SaxesAttributeNS[]): void {
    this.checkSize(attributes);
    const own = attributes.map(({ uri, local, value }) => ({ namespace: uri, name: local, value }));
    const element = new XmlElement(namespace, name, own, this.parser.line);
    this.open.at(-1)?.children.push(element);
    this.root ??= element;
    this.open.push(element);
  }

  private checkSize(attributes: SaxesAttributeNS[]): void {
    this.elements += 1;
    if (this.elements > descriptorLimits.elements) {
      throw this.refusal('descriptor_too_large', `it has more than ${descriptorLimits.elements} elements`);
    }
    if (this.open.length >= descriptorLimits.depth) {
      throw this.refusal('descriptor_too_deep', `elements lie more than ${descriptorLimits.depth} deep`);
    }
    if (attributes.some(({ value }) => value.length > descriptorLimits.attribute)) {
      throw this.refusal('descriptor_too_large', `an attribute has more than ${descriptorLimits.attribute} characters`);
    }
  }

  private addText(text: string): void {
    const element = this.open.at(-1);
    if (element) element.text += text;
  }

  private checkDoctype(doctype: string): void {
    if (!/<!ENTITY/i.test(doctype)) return;
    throw this.refusal('xml_entities', 'it declares entities, which are never expanded; write the text itself');
  }

  /** An undeclared prefix is a common slip of hand-made SCORM manifests; the name says enough. */
  private unbound(prefix: string): string {
    if (prefix === '') return '';
    this.unboundPrefixes.add(prefix);
    return `unbound:${prefix}`;
  }

  /** What is still open is often where the mistake is. */
  private malformed(reason: string): AppError {
    const open = reason.includes('close tag') ? this.closed : this.open.at(-1);
    const within = open && open !== this.root ? ` (inside <${open.name}> of line ${open.line})` : '';
    return this.refusal('malformed_xml', reason.replace(/\.$/, '') + within);
  }

  private refusal(code: string, reason: string): AppError {
    const { line, column } = this.parser;
    const message = `${this.file} cannot be read: line ${line}, column ${column}: ${reason}.`;
    return invalid(message, { code });
  }
}

const sameName = (a: string, b: string): boolean => a === b || a.toLowerCase() === b.toLowerCase();
