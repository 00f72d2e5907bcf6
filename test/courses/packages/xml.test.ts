import { encode } from 'iconv-lite';
import { ParserWarnings } from '../../../src/courses/packages/parser-warnings';
import { parseXml, type XmlElement } from '../../../src/courses/packages/xml';

const lenient = (bytes: Buffer): { root: XmlElement; warnings: string[] } => {
  const warnings = new ParserWarnings();
  return { root: parseXml(bytes, { file: 'a.xml', warnings }), warnings: warnings.toList() };
};
const strict = (bytes: Buffer | string): XmlElement => parseXml(Buffer.from(bytes), { file: 'a.xml' });

describe('the encoding of an XML file', () => {
  const text = (encoding?: string) =>
    `<?xml version="1.0"${encoding ? ` encoding="${encoding}"` : ''}?><a>Größe – “ok” €</a>`;
  const mark = (hex: string, bytes: Buffer) => Buffer.concat([Buffer.from(hex, 'hex'), bytes]);

  test.each([
    ['UTF-8', Buffer.from(text('UTF-8'))],
    ['UTF-8, undeclared', Buffer.from(text())],
    ['UTF-8 with a byte order mark', mark('efbbbf', Buffer.from(text()))],
    ['UTF-8 with a mark that another declaration contradicts', mark('efbbbf', Buffer.from(text('iso-8859-1')))],
    ['UTF-16 little-endian with a mark', mark('fffe', encode(text('UTF-16'), 'utf-16le'))],
    ['UTF-16 little-endian without a mark', encode(text('UTF-16'), 'utf-16le')],
    ['UTF-16 big-endian with a mark', mark('feff', encode(text('UTF-16'), 'utf-16be'))],
    ['UTF-16 big-endian without a mark', encode(text(), 'utf-16be')],
    ['UTF-32 with a mark', mark('fffe0000', encode(text(), 'utf-32le'))],
    ['windows-1252', encode(text('windows-1252'), 'windows-1252')],
    ['windows-1252 that calls itself latin-1', encode(text('ISO-8859-1'), 'windows-1252')],
  ])('is understood: %s', (_, bytes) => {
    expect(strict(bytes).text).toBe('Größe – “ok” €');
  });

  test.each([
    ['iso-8859-2', 'Żółć'],
    ['windows-1251', 'Привет'],
    ['Shift_JIS', '日本語'],
  ])('is taken from the declaration: %s', (encoding, content) => {
    expect(strict(encode(`<?xml version="1.0" encoding="${encoding}"?><a>${content}</a>`, encoding)).text).toBe(
      content,
    );
  });

  test.each([
    ['latin-1 bytes in UTF-8', encode('<a>Größe</a>', 'latin1'), /not UTF-8/],
    [
      'a UTF-16 declaration over single bytes',
      Buffer.from('<?xml version="1.0" encoding="UTF-16"?><a>Größe</a>'),
      /UTF-16/,
    ],
    ['an unknown encoding', Buffer.from('<?xml version="1.0" encoding="x-mine"?><a>Größe</a>'), /x-mine/],
  ])('may be wrong for SCORM with a warning, and is refused for cmi5: %s', (_, bytes, problem) => {
    const { root, warnings } = lenient(bytes);
    expect(root.text).toBe('Größe');
    expect(warnings).toEqual([expect.stringMatching(problem)]);
    expect(() => strict(bytes)).toThrow(expect.objectContaining({ kind: 'invalid', code: 'bad_encoding' }));
  });

  test('never lets half a character through', () => {
    const bytes = encode('<a>x</a>', 'utf-16le');
    bytes.writeUInt16LE(0xd800, 6);
    expect(lenient(bytes).root.text).toBe('\uFFFD');
  });
});

describe('entities', () => {
  const laughs = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>';

  test.each([
    ['an expansion bomb', laughs],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['an external entity at an address', '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1/">]><a>&x;</a>'],
    ['a parameter entity', '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;]><a/>'],
    ['one that is only declared', '<!DOCTYPE a [<!entity x "y">]><a/>'],
  ])('that a file declares are refused: %s', (_, xml) => {
    const refusal = expect.objectContaining({ kind: 'invalid', code: 'xml_entities' });
    expect(() => lenient(Buffer.from(xml))).toThrow(refusal);
    expect(() => strict(xml)).toThrow(refusal);
  });

  test('that XML predefines and character references are read', () => {
    expect(strict('<a b="&quot;">&lt;&amp;&#228;&#x20AC;<![CDATA[&x;]]></a>').text).toBe('<&ä€&x;');
  });

  test('that nothing declares are an error with its place', () => {
    expect(() => strict('<a>\n&nbsp;</a>')).toThrow(/a\.xml cannot be read: line 2, column \d+: undefined entity/);
  });

  test('a document type without entities is fine', () => {
    expect(strict('<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd" [<!ELEMENT a ANY>]><a>b</a>').text).toBe('b');
  });
});

describe('a malformed file', () => {
  test.each([
    [
      'a missing end',
      '<a>\n  <b>\n</a>',
      'a.xml cannot be read: line 3, column 4: unexpected close tag (inside <b> of line 2).',
    ],
    ['text only', 'hello', 'a.xml cannot be read: line 1, column 5: text data outside of root node.'],
    ['an unclosed attribute', '<a b="c/>', /line 1/],
    ['a null character', '<a>\0</a>', /disallowed character/],
    ['nothing at all', '', /root element/],
  ])('is refused with file, line and column: %s', (_, xml, message) => {
    expect(() => strict(xml)).toThrow(message);
    expect(() => lenient(Buffer.from(xml))).toThrow(expect.objectContaining({ code: 'malformed_xml' }));
  });

  test.each([
    ['depth', `${'<a>'.repeat(101)}${'</a>'.repeat(101)}`, 'descriptor_too_deep'],
    ['number of elements', `<a>${'<b/>'.repeat(200_000)}</a>`, 'descriptor_too_large'],
    ['length of an attribute', `<a b="${'x'.repeat(65_537)}"/>`, 'descriptor_too_large'],
  ])('is refused beyond a limit: %s', (_, xml, code) => {
    expect(() => lenient(Buffer.from(xml))).toThrow(expect.objectContaining({ kind: 'invalid', code }));
  });
});

describe('namespaces', () => {
  test('count, whatever the prefix', () => {
    const root = strict('<q:a xmlns:q="urn:one" xmlns="urn:two" q:c="1"><b/></q:a>');
    expect([root.namespace, root.name, root.children[0]?.namespace]).toEqual(['urn:one', 'a', 'urn:two']);
    expect(root.attribute('c')).toBe('1');
  });

  test('may be undeclared for SCORM, with a warning', () => {
    const { root, warnings } = lenient(Buffer.from('<a adlcp:scormType="sco"><imsss:b>x</imsss:b></a>'));
    expect([root.attribute('scormtype'), root.textOf('B')]).toEqual(['sco', 'x']);
    expect(warnings).toEqual(['a.xml uses prefixes that no xmlns declares: adlcp, imsss.']);
    expect(() => strict('<a q:b="c"/>')).toThrow(/unbound namespace prefix/);
  });
});

test('warnings end with a count after the first hundred', () => {
  const warnings = new ParserWarnings();
  for (let count = 0; count < 150; count += 1) warnings.add(`warning ${count} ${'x'.repeat(1000)}`);
  expect(warnings.toList()).toHaveLength(101);
  expect(warnings.toList().at(-1)).toBe('50 more warnings are not shown.');
  expect(Math.max(...warnings.toList().map(({ length }) => length))).toBe(600);
});
