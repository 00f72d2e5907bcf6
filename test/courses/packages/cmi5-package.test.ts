import { encode } from 'iconv-lite';
import { readBareCmi5, readCmi5Package } from '../../../src/courses/packages/cmi5-package';
import type { CoursePackage } from '../../../src/courses/packages/package';
import {
  cmi5Course,
  cmi5Namespace,
  cmi5Texts,
  cmi5Unit,
  cmi5Xml,
  filesOf,
  type PackageContents,
} from '../../support/course-packages';

const bare = (xml: string): Promise<CoursePackage> => readBareCmi5(Buffer.from(xml));
const zipped = (content: string, more?: PackageContents) =>
  readCmi5Package(filesOf(cmi5Course(content, more)), 'cmi5.xml');

const unit = cmi5Unit('au', 'https://example.com/au');
const block = (id: string, content: string) =>
  `<block id="https://example.com/${id}">${cmi5Texts(`Block ${id}`)}${content}</block>`;
const objective = (id: string) =>
  `<objective id="https://example.com/${id}">${cmi5Texts(`Objective ${id}`)}</objective>`;
const refer = (id: string) => `<objectives><objective idref="https://example.com/${id}"/></objectives>`;
/** A unit with other parts than title, description and url. */
const unitOf = (parts: string, attributes = '') => `<au id="https://example.com/au" ${attributes}>${parts}</au>`;
const url = '<url>https://example.com/au</url>';

describe('a cmi5 course', () => {
  test('becomes a tree of blocks and units with all that their launch needs', async () => {
    const objectives = `<objectives>${objective('goal')}</objectives>`;
    const rich = unitOf(
      `${cmi5Texts('Rich')}${refer('goal')}<url>a/page.html?x=1</url><launchParameters>{"a": 1}</launchParameters><entitlementKey>key</entitlementKey>`,
      'moveOn="Passed" masteryScore="0.85" launchMethod="OwnWindow" activityType="https://example.com/type"',
    );
    const course = await zipped(
      objectives + block('outer', block('inner', rich)) + cmi5Unit('plain', 'https://example.com/x'),
      {
        'a/page.html': '',
      },
    );
    expect(course).toMatchObject({
      learningStandard: 'CMI5',
      title: 'The cmi5 Course',
      identifier: 'https://example.com/course',
      xapiActivityId: 'https://example.com/course',
      metadata: {
        title: 'The cmi5 Course',
        titleLanguage: 'en-US',
        description: 'About The cmi5 Course',
        keywords: [],
      },
      languages: ['en-US'],
      launchHref: 'a/page.html?x=1',
      manifestPath: 'cmi5.xml',
      parserWarnings: [],
    });
    const [outer, plain] = course.rootActivity.children;
    expect(outer).toMatchObject({ identifier: 'https://example.com/outer', type: 'AGGREGATION', title: 'Block outer' });
    expect(outer?.children[0]?.children).toEqual([
      {
        identifier: 'https://example.com/au',
        title: 'Rich',
        description: 'About Rich',
        type: 'SCO',
        href: 'a/page.html?x=1',
        moveOn: 'Passed',
        scaledPassingScore: 0.85,
        launchMethod: 'OwnWindow',
        launchData: '{"a": 1}',
        entitlementKey: 'key',
        xapiActivityType: 'https://example.com/type',
        objectives: [{ identifier: 'https://example.com/goal', title: 'Objective goal' }],
        children: [],
      },
    ]);
    expect(plain).toMatchObject({ moveOn: 'NotApplicable', launchMethod: 'AnyWindow', href: 'https://example.com/x' });
  });

  test('13.1.0.0-1: is read without the spaces around what it says', async () => {
    const spacious = cmi5Xml(unit)
      .replaceAll(/(id|moveOn)="([^"]*)"/g, '$1="  $2 "')
      .replace('<url>', '<url>\n  ')
      .replace('>Unit au<', '>\n  Unit au <');
    expect((await bare(spacious)).rootActivity.children).toMatchObject([
      { identifier: 'https://example.com/au', title: 'Unit au', href: 'https://example.com/au' },
    ]);
  });

  test('6.1.0.0-2: may have more than a thousand units', async () => {
    const units = Array.from({ length: 1001 }, (_, index) => cmi5Unit(`au/${index}`, 'https://example.com/')).join('');
    expect((await bare(cmi5Xml(units))).rootActivity.children).toHaveLength(1001);
  });

  test('14.0.0.0-1, 14.2.0.0-1: may be a bare cmi5.xml with full URLs, those of applications included', async () => {
    const course = await bare(cmi5Xml(unit + cmi5Unit('app', 'myapp://open/course?id=1')));
    expect(course.rootActivity.children.map(({ href }) => href)).toEqual([
      'https://example.com/au',
      'myapp://open/course?id=1',
    ]);
    expect(course.manifestPath).toBeUndefined();
  });

  test.each([
    [
      'elements at the end',
      cmi5Xml(
        cmi5Unit('au', 'https://example.com/', '', '<x:any xmlns:x="urn:x" y="z"><x:b/>t</x:any>') +
          '<x:c xmlns:x="urn:x"/>',
      ),
    ],
    ['attributes', cmi5Xml(cmi5Unit('au', 'https://example.com/', 'xmlns:x="urn:x" x:y="z"'))],
    [
      'elements that are called as its own',
      cmi5Xml(
        cmi5Unit(
          'au',
          'https://example.com/',
          '',
          '<x:objectives xmlns:x="urn:x"><x:objective idref="none"/></x:objectives>',
        ),
      ),
    ],
    [
      'a schema location',
      cmi5Xml(unit, 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"'),
    ],
    [
      'a prefix',
      cmi5Xml(unit)
        .replace(/<(\/?)(?=[a-zA-Z])/g, '<$1c:')
        .replace('xmlns=', 'xmlns:c='),
    ],
  ])('6.1.0.0-3, 13.1.5.0-2: may be extended and written with %s', async (_, xml) => {
    expect((await bare(xml)).rootActivity.children).toMatchObject([
      { identifier: 'https://example.com/au', href: expect.anything() },
    ]);
  });

  test('may have objectives with their parts in any order', async () => {
    const [title = '', description = ''] = cmi5Texts('Goal').split(/(?=<description>)/);
    const swapped = `<objectives><objective id="https://example.com/o">${description}${title}</objective></objectives>`;
    expect((await bare(cmi5Xml(swapped + unit))).title).toBe('The cmi5 Course');
  });

  test('names files by their URLs', async () => {
    const course = await zipped(cmi5Unit('au', 'my%20page.html'), { 'my page.html': '' });
    expect(course.launchHref).toBe('my%20page.html');
  });
});

/** The numbers are those of the packages in the public cmi5 LMS test suite (CATAPULT LTS). */
describe('4.4.0.0-1 (d), 4.4.0.0-2 (d), 13.2.0.0-1 (d): a cmi5 course is refused', () => {
  const noIri = (id: string) => id.replace('https://', '');

  test.each([
    [
      '3.0.0.0-1 (d), 201-1: a course id that is no IRI',
      cmi5Xml(unit).replace('https://example.com/course', 'example.com/course'),
      'cmi5_invalid_iri',
    ],
    ['201-2: a block id that is no IRI', cmi5Xml(noIri(block('b', unit))), 'cmi5_invalid_iri'],
    ['201-3: a unit id that is no IRI', cmi5Xml(noIri(unit)), 'cmi5_invalid_iri'],
    [
      '201-4: an objective id that is no IRI',
      cmi5Xml(`<objectives>${noIri(objective('o'))}</objectives>${unit}`),
      'cmi5_invalid_iri',
    ],
    ['14.2.0.0-1 (d), 202-1: a relative URL without a zip', cmi5Xml(cmi5Unit('au', 'index.html')), 'cmi5_url'],
    ['202-2: one with folders', cmi5Xml(cmi5Unit('au', 'path/1/index.html')), 'cmi5_url'],
    ['202-3: one with a query', cmi5Xml(cmi5Unit('au', 'index.html?abc=def')), 'cmi5_url'],
    ['202-4: one with both', cmi5Xml(cmi5Unit('au', 'path/1/index.html?abc=def')), 'cmi5_url'],
    ["202-5: one from the host's root", cmi5Xml(cmi5Unit('au', '/index.html')), 'cmi5_url'],
    [
      '204: a query that conflicts with the launch',
      cmi5Xml(cmi5Unit('au', 'https://example.com/?endpoint=http://example.org/lrs')),
      'cmi5_url',
    ],
    [
      '13.1.2.0-1 (d), 205-1: a block id used twice',
      cmi5Xml(block('b', unit) + block('b', cmi5Unit('other', 'https://example.com/'))),
      'cmi5_duplicate_id',
    ],
    [
      '13.1.3.0-1 (d), 205-2: an objective id used twice',
      cmi5Xml(`<objectives>${objective('o')}${objective('o')}</objectives>${unit}`),
      'cmi5_duplicate_id',
    ],
    ['13.1.4.0-1 (d), 205-3: a unit id used twice', cmi5Xml(unit + unit), 'cmi5_duplicate_id'],
    ['an id used by course and unit', cmi5Xml(cmi5Unit('course', 'https://example.com/')), 'cmi5_duplicate_id'],
    ['13.1.4.0-2 (d), 206-1: a URL with a space', cmi5Xml(cmi5Unit('au', 'http://example.com index.html')), 'cmi5_url'],
    ['207-1: a url before the title', cmi5Xml(unitOf(url + cmi5Texts('T'))), 'cmi5_structure'],
    ['an empty URL', cmi5Xml(cmi5Unit('au', ' ')), 'cmi5_url'],
    ['a script for a URL', cmi5Xml(cmi5Unit('au', 'javascript:alert(1)')), 'cmi5_url'],
    ['a script with a host', cmi5Xml(cmi5Unit('au', 'javascript://example.com/%0aalert(1)')), 'cmi5_url'],
    ['a local file', cmi5Xml(cmi5Unit('au', 'file://host/etc/passwd')), 'cmi5_url'],
    ['a URL without a host', cmi5Xml(cmi5Unit('au', 'https:///x')), 'cmi5_url'],
    [
      'another namespace',
      cmi5Xml(unit).replace(cmi5Namespace, 'http://www.adlnet.gov/cmi5/CourseStructure.xsd'),
      'cmi5_namespace',
    ],
    ['no namespace', cmi5Xml(unit).replace(`xmlns="${cmi5Namespace}"`, ''), 'cmi5_namespace'],
    [
      'another root',
      cmi5Xml(unit).replaceAll('courseStructure>', 'structure>').replace('<courseStructure', '<structure'),
      'cmi5_structure',
    ],
    ['no course', `<courseStructure xmlns="${cmi5Namespace}">${unit}</courseStructure>`, 'cmi5_structure'],
    ['no units', cmi5Xml(''), 'cmi5_structure'],
    ['a block without units', cmi5Xml(block('b', '')), 'cmi5_structure'],
    ['units before objectives', cmi5Xml(`${unit}<objectives>${objective('o')}</objectives>`), 'cmi5_structure'],
    ['no objective in objectives', cmi5Xml(`<objectives/>${unit}`), 'cmi5_structure'],
    ['no title', cmi5Xml(unitOf(cmi5Texts('T').replace(/<title>.*<\/title>/, '') + url)), 'cmi5_structure'],
    [
      'two titles',
      cmi5Xml(unitOf(`<title><langstring>T</langstring></title>${cmi5Texts('T')}${url}`)),
      'cmi5_structure',
    ],
    [
      'a title without a langstring',
      cmi5Xml(unitOf(`<title/>${cmi5Texts('T').replace(/<title>.*<\/title>/, '')}${url}`)),
      'cmi5_structure',
    ],
    [
      'a title in bare text',
      cmi5Xml(unitOf(`${cmi5Texts('T').replace('<title>', '<title>T')}${url}`)),
      'cmi5_structure',
    ],
    ['no URL', cmi5Xml(unitOf(cmi5Texts('T'))), 'cmi5_structure'],
    ['two URLs', cmi5Xml(unitOf(cmi5Texts('T') + url + url)), 'cmi5_structure'],
    ['no id', cmi5Xml(unit.replace(/id="[^"]*"/, '')), 'cmi5_structure'],
    ['an id of another namespace only', cmi5Xml(unit.replace('id=', 'xmlns:x="urn:x" x:id=')), 'cmi5_structure'],
    ['an unknown element', cmi5Xml(`${unit}<extra/>`), 'cmi5_structure'],
    ['an unknown element called constructor', cmi5Xml(`${unit}<constructor/>`), 'cmi5_structure'],
    ['an extension without a namespace', cmi5Xml(`${unit}<extra xmlns=""/>`), 'cmi5_structure'],
    [
      '13.1.5.0-2 (d): an extension before the end',
      cmi5Xml(unitOf(`<x:a xmlns:x="urn:x"/>${cmi5Texts('T')}${url}`)),
      'cmi5_structure',
    ],
    [
      'an extension where none may be',
      cmi5Xml(
        `<objectives>${objective('o').replace('</objective>', '<x:a xmlns:x="urn:x"/></objective>')}</objectives>${unit}`,
      ),
      'cmi5_structure',
    ],
    ['an unknown attribute', cmi5Xml(cmi5Unit('au', 'https://example.com/', 'color="red"')), 'cmi5_structure'],
    ['an unknown moveOn', cmi5Xml(cmi5Unit('au', 'https://example.com/', 'moveOn="completed"')), 'cmi5_value'],
    [
      'an unknown launchMethod',
      cmi5Xml(cmi5Unit('au', 'https://example.com/', 'launchMethod="NewWindow"')),
      'cmi5_value',
    ],
    ['a language that is no tag', cmi5Xml(unit.replaceAll('en-US', 'en_US')), 'cmi5_value'],
    [
      'an activityType that is no IRI',
      cmi5Xml(cmi5Unit('au', 'https://example.com/', 'activityType="lesson"')),
      'cmi5_invalid_iri',
    ],
    [
      'a reference to no objective',
      cmi5Xml(unitOf(`${cmi5Texts('T')}${refer('gone')}${url}`)),
      'cmi5_unknown_objective',
    ],
    ['entities', `<!DOCTYPE a [<!ENTITY x "y">]>${cmi5Xml(unit).replace(/<\?.*\?>/, '')}`, 'xml_entities'],
  ])('%s', async (_, xml, code) => {
    await expect(bare(xml)).rejects.toMatchObject({ kind: 'invalid', code });
  });

  test.each(['1.01', '-0.1', '80', '1e-1', 'high', ''])('a masteryScore of "%s"', async (score) => {
    const xml = cmi5Xml(cmi5Unit('au', 'https://example.com/', `masteryScore="${score}"`));
    await expect(bare(xml)).rejects.toMatchObject({ code: 'cmi5_value' });
  });

  test.each([
    ['14.1.0.0-4 (d), 203-1: a file that the zip lacks', 'not-found.html', 'leads to no file of the package'],
    ['another case than the file', 'Index.html', 'differs from the file index.html in case'],
    ['a way out of the package', '../index.html', 'leads to no file of the package'],
    ['a leading slash', '/index.html', 'begins with a slash'],
    ['a folder', 'img/', 'leads to no file of the package'],
  ])('%s', async (_, target, reason) => {
    const result = zipped(cmi5Unit('au', target), { 'img/a.png': '' });
    await expect(result).rejects.toMatchObject({ code: 'cmi5_url', message: expect.stringContaining(reason) });
  });

  test.each(['endpoint', 'fetch', 'actor', 'activityId', 'registration'])(
    '8.1.0.0-6 (d): a query with %s',
    async (name) => {
      const result = zipped(cmi5Unit('au', `index.html?a=b&amp;${name}=1#c`));
      await expect(result).rejects.toMatchObject({ code: 'cmi5_url', message: expect.stringContaining(name) });
    },
  );

  test('bytes that do not fit their encoding', async () => {
    const xml = encode(cmi5Xml(unit).replaceAll('Unit', 'Größe'), 'latin1');
    await expect(readBareCmi5(xml)).rejects.toMatchObject({ code: 'bad_encoding' });
  });

  test('with the line and what to do', async () => {
    await expect(bare(cmi5Xml(unitOf(url + cmi5Texts('T'))))).rejects.toThrow(
      'cmi5.xml, line 4: <au> needs <title> before <url> at line 4.',
    );
  });
});
