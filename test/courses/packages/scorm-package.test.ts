import { encode } from 'iconv-lite';
import type { CoursePackage } from '../../../src/courses/packages/package';
import { readScormPackage } from '../../../src/courses/packages/scorm-package';
import {
  filesOf,
  type ManifestOptions,
  manifestOf,
  type PackageContents,
  scormCourse,
  scormItems,
} from '../../support/course-packages';

const read = (contents: PackageContents): Promise<CoursePackage> =>
  readScormPackage(filesOf(contents), 'imsmanifest.xml');
const readManifest = (options: ManifestOptions, more?: PackageContents) => read(scormCourse(options, more));

const sco = (identifier: string, href: string, more = '', attributes = 'adlcp:scormtype="sco"') =>
  `<resource identifier="${identifier}" type="webcontent" ${attributes} href="${href}">${more}</resource>`;
const item = (identifier: string, more = '', attributes = 'identifierref="res"') =>
  `<item identifier="${identifier}" ${attributes}><title>Title of ${identifier}</title>${more}</item>`;
const oneSco = sco('res', 'index.html');

describe('the standard of a SCORM package', () => {
  test.each([
    ['1.1', 'SCORM11'],
    ['1.2', 'SCORM12'],
    [' 1.2 ', 'SCORM12'],
    ['CAM 1.3', 'SCORM20042NDEDITION'],
    ['cam 1.3', 'SCORM20042NDEDITION'],
    ['2004 3rd Edition', 'SCORM20043RDEDITION'],
    ['2004 4th edition', 'SCORM20044THEDITION'],
  ])('is what schemaversion says: "%s"', async (version, standard) => {
    const attributes = version === '1.1' ? 'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p1"' : undefined;
    const course = await readManifest({ version, ...(attributes && { attributes }) });
    expect(course.learningStandard).toBe(standard);
    expect(course.parserWarnings).toEqual([]);
  });

  const twoThousandFour = 'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"';
  test.each([
    ['1.2', 'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"', '', 'SCORM12'],
    ['1.1', 'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p1"', '', 'SCORM11'],
    ['2004', twoThousandFour, '', 'SCORM20043RDEDITION'],
    [
      '2004 4th edition',
      twoThousandFour,
      '<adlcp:completionThreshold completedByMeasure="true"/>',
      'SCORM20044THEDITION',
    ],
    ['none', 'xmlns:adlcp="urn:other"', '', 'SCORM12'],
  ])('is guessed from namespaces and elements without it: %s', async (_, attributes, inItem, standard) => {
    const course = await readManifest({ ...scormItems(item('a', inItem), oneSco), attributes, metadata: '' });
    expect(course.learningStandard).toBe(standard);
    expect(course.parserWarnings).toEqual([expect.stringContaining('has no schemaversion: it was read as SCORM')]);
  });

  test('is not SCORM 1.1 where IMS Content Packaging 1.1 is meant', async () => {
    const metadata = '<metadata><schema>IMS Content</schema><schemaversion>1.1.3</schemaversion></metadata>';
    const course = await readManifest({ metadata });
    expect(course.learningStandard).toBe('SCORM12');
    expect(course.parserWarnings).toEqual([expect.stringContaining('unknown schemaversion "1.1.3"')]);
  });
});

describe('the items of a SCORM package', () => {
  test('become activities with what SCORM 1.2 says of them', async () => {
    const details = `<adlcp:prerequisites type="aicc_script">b</adlcp:prerequisites><adlcp:maxtimeallowed>00:30:00</adlcp:maxtimeallowed>
      <adlcp:timelimitaction>exit,no message</adlcp:timelimitaction><adlcp:datafromlms>x=1</adlcp:datafromlms>
      <adlcp:masteryscore>80</adlcp:masteryscore>`;
    const course = await readManifest(
      scormItems(item('folder', item('a', details, 'identifierref="res" isvisible="false"'), ''), oneSco),
    );
    expect(course.rootActivity).toEqual({
      identifier: 'org',
      title: 'The Course',
      type: 'AGGREGATION',
      children: [
        {
          identifier: 'folder',
          title: 'Title of folder',
          type: 'AGGREGATION',
          children: [
            {
              identifier: 'a',
              resourceIdentifier: 'res',
              title: 'Title of a',
              type: 'SCO',
              href: 'index.html',
              prerequisites: 'b',
              maxTimeAllowed: '00:30:00',
              timeLimitAction: 'exit,no message',
              launchData: 'x=1',
              masteryScore: '80',
              hidden: true,
              children: [],
            },
          ],
        },
      ],
    });
    expect(course).toMatchObject({
      title: 'The Course',
      identifier: 'the-manifest',
      launchHref: 'index.html',
      sequenced: false,
    });
  });

  test('become activities with what SCORM 2004 says of them', async () => {
    const details = `<adlcp:timeLimitAction>continue,message</adlcp:timeLimitAction><adlcp:dataFromLMS>y=2</adlcp:dataFromLMS>
      <adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.75"/>
      <adlnav:presentation><adlnav:navigationInterface><adlnav:hideLMSUI>previous</adlnav:hideLMSUI></adlnav:navigationInterface></adlnav:presentation>
      <imsss:sequencing IDRef="shared"><adlseq:objectives><adlseq:objective objectiveID="elsewhere"/></adlseq:objectives>
        <imsss:limitConditions attemptAbsoluteDurationLimit="PT1H"/>
        <imsss:objectives><imsss:primaryObjective objectiveID="main" satisfiedByMeasure="true">
          <imsss:minNormalizedMeasure>-0.25</imsss:minNormalizedMeasure></imsss:primaryObjective>
          <imsss:objective objectiveID="side"/></imsss:objectives>
        </imsss:sequencing>`;
    const resource = sco('res', 'index.html', '', 'adlcp:scormType="sco"');
    const course = await readManifest(scormItems(item('a', details), resource, '2004 4th Edition'));
    expect(course.sequenced).toBe(true);
    expect(course.rootActivity.children[0]).toMatchObject({
      type: 'SCO',
      timeLimitAction: 'continue,message',
      launchData: 'y=2',
      completionThreshold: 0.75,
      hiddenControls: ['previous'],
      maxTimeAllowed: 'PT1H',
      scaledPassingScore: -0.25,
      objectives: [{ identifier: 'main', primary: true }, { identifier: 'side' }],
      sequenced: true,
    });
  });

  test.each([
    ['by default 1', '<imsss:primaryObjective satisfiedByMeasure="true"/>', 1],
    [
      'only by measure',
      '<imsss:primaryObjective><imsss:minNormalizedMeasure>0.5</imsss:minNormalizedMeasure></imsss:primaryObjective>',
      undefined,
    ],
    [
      'none out of range',
      '<imsss:primaryObjective satisfiedByMeasure="1"><imsss:minNormalizedMeasure>7</imsss:minNormalizedMeasure></imsss:primaryObjective>',
      undefined,
    ],
  ])('have the passing score of their primary objective: %s', async (_, objective, score) => {
    const sequencing = `<imsss:sequencing><imsss:objectives>${objective}</imsss:objectives></imsss:sequencing>`;
    const course = await readManifest(scormItems(item('a', sequencing), oneSco, '2004 3rd Edition'));
    expect(course.rootActivity.children[0]?.scaledPassingScore).toBe(score);
  });

  test('take from the sequencing collection what their own sequencing leaves out', async () => {
    const more = `<imsss:sequencingCollection><imsss:sequencing ID="shared"><imsss:objectives>
      <imsss:primaryObjective objectiveID="p" satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure>
      </imsss:primaryObjective></imsss:objectives></imsss:sequencing></imsss:sequencingCollection>`;
    const options = scormItems(item('a', '<imsss:sequencing IDRef="shared"/>'), oneSco, '2004 3rd Edition');
    const course = await readManifest({ ...options, more });
    expect(course.rootActivity.children[0]).toMatchObject({
      scaledPassingScore: 0.6,
      objectives: [{ identifier: 'p', primary: true }],
    });
  });

  test.each([
    ['0.5', '<adlcp:completionThreshold>0.5</adlcp:completionThreshold>', 0.5],
    ['1 unless given', '<adlcp:completionThreshold completedByMeasure="true"/>', 1],
    ['none for a mere weight', '<adlcp:completionThreshold progressWeight="0.5"/>', undefined],
  ])('have a completion threshold: %s', async (_, element, threshold) => {
    const course = await readManifest(scormItems(item('a', element), oneSco, '2004 4th Edition'));
    expect(course.rootActivity.children[0]?.completionThreshold).toBe(threshold);
  });

  test('may have identifiers padded with spaces', async () => {
    const resource = '<resource identifier=" res " adlcp:scormtype=" SCO " href=" index.html "/>';
    const course = await readManifest(scormItems(item(' a ', '', 'identifierref="res  "'), resource));
    expect(course.rootActivity.children[0]).toMatchObject({
      identifier: 'a',
      resourceIdentifier: 'res',
      href: 'index.html',
      type: 'SCO',
    });
    expect(course.parserWarnings).toEqual([]);
  });

  test.each([
    ['no title', '<item identifier="a" identifierref="res"/>', 'The item a has no title; its identifier is shown.'],
    [
      'no identifier',
      '<item identifierref="res"><title>T</title></item>',
      /^The item at line \d+ has no identifier; it was called item-line-\d+\.$/,
    ],
    [
      'a missing resource',
      item('b') + item('a', '', 'identifierref="gone"'),
      'The item "Title of a" refers to the resource gone, which the manifest does not have.',
    ],
    ['a shared identifier', item('a') + item('a'), 'Several items share an identifier and will be tracked as one: a.'],
  ])('are read with a warning: %s', async (_, items, warning) => {
    const course = await readManifest(scormItems(items, oneSco));
    expect(course.parserWarnings).toEqual([expect.stringMatching(warning)]);
    expect(course.launchHref).toBe('index.html');
  });

  test('stand for sub-manifests', async () => {
    const inner = item('inner', '', 'identifierref="inner-res"') + item('again', '', 'identifierref="sub"');
    const more = `<manifest identifier="sub" xml:base="sub/"><organizations><organization identifier="inner-org">${inner}
      </organization></organizations><resources>${sco('inner-res', 'b.html')}</resources></manifest>`;
    const course = await readManifest(
      {
        ...scormItems(item('a') + item('outer', '', 'identifierref="sub"'), oneSco),
        attributes: 'xml:base="top/" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"',
        more,
      },
      { 'top/index.html': '', 'top/sub/b.html': '' },
    );
    expect(course.rootActivity.children).toMatchObject([
      { href: 'top/index.html' },
      { type: 'AGGREGATION', children: [{ identifier: 'inner', href: 'top/sub/b.html' }, { children: [] }] },
    ]);
    expect(course.parserWarnings).toEqual([]);
    expect(course.resources).toEqual({ total: 2, scos: 2, missingFiles: 0 });
  });

  test('are too many at 10,000', async () => {
    const options = scormItems('<item identifier="a" identifierref="res"/>'.repeat(10_000), oneSco);
    await expect(readManifest(options)).rejects.toMatchObject({ kind: 'invalid', code: 'too_many_activities' });
  });
});

describe('the organizations', () => {
  const organization = (identifier: string) =>
    `<organization identifier="${identifier}"><title>Course ${identifier}</title>${item(`item-${identifier}`)}</organization>`;

  test.each([
    ['the default one', 'default="two"', 'Course two', []],
    [
      'the first where the default does not exist',
      'default="three"',
      'Course one',
      [/default organization three does not exist; one was taken/],
    ],
    [
      'the first where none is the default',
      '',
      'Course one',
      [/does not say which of its 2 organizations is the default; one/],
    ],
  ])('are chosen: %s', async (_, attribute, title, warnings) => {
    const organizations = `<organizations ${attribute}>${organization('one')}${organization('two')}</organizations>`;
    const course = await readManifest({ organizations });
    expect(course.title).toBe(title);
    expect(course.parserWarnings).toEqual(warnings.map((warning) => expect.stringMatching(warning)));
  });

  test('may be missing: the SCOs are the activities then', async () => {
    const resources = `<resources>${sco('a', 'index.html')}${sco('b', 'index.html', '', 'adlcp:scormtype="asset"')}</resources>`;
    const course = await readManifest({ organizations: '<organizations/>', resources });
    expect(course.rootActivity.children).toMatchObject([{ identifier: 'a', type: 'SCO', href: 'index.html' }]);
    expect(course.title).toBe('the-manifest');
  });
});

describe('the hrefs of a SCORM package', () => {
  const hrefOf = async (href: string, more: PackageContents = {}, attributes = '', parameters = '') => {
    const options = scormItems(
      item('x') + item('a', '', `identifierref="the-one" ${parameters && `parameters="${parameters}"`}`),
      oneSco + sco('the-one', href, '', `adlcp:scormtype="sco" ${attributes}`),
    );
    const course = await readManifest(options, more);
    return { href: course.rootActivity.children[1]?.href, warnings: course.parserWarnings };
  };

  test.each([
    ['a plain name', 'a.html', 'a.html', 'a.html'],
    ['a folder and a query', 'b/a.html?c=d&amp;e=f', 'b/a.html', 'b/a.html?c=d&e=f'],
    ['percent-encoded', 'my%20page.html', 'my page.html', 'my%20page.html'],
    ['a raw name with a space', 'my page.html#x', 'my page.html', 'my%20page.html#x'],
    ['a name that really has a percent sign', '100%.html', '100%.html', '100%25.html'],
    ['backslashes', 'b\\a.html', 'b/a.html', 'b/a.html'],
    ['dot segments', './b/../a.html', 'a.html', 'a.html'],
    ['a leading slash', '/a.html', 'a.html', 'a.html'],
    ['umlauts', 'gr%C3%B6%C3%9Fe.html', 'größe.html', 'gr%C3%B6%C3%9Fe.html'],
  ])('find their file: %s', async (_, written, file, href) => {
    expect(await hrefOf(written, { [file]: '' })).toEqual({ href, warnings: [] });
  });

  test.each(['http://example.com/a.html', 'https://example.com/a?b=c', '//example.com/a'])(
    'may lead elsewhere: %s',
    async (url) => {
      expect(await hrefOf(url)).toEqual({ href: url, warnings: [] });
    },
  );

  test('of missing files are kept, with a warning', async () => {
    const { href, warnings } = await hrefOf('my gone.html?a=b');
    expect(href).toBe('my%20gone.html?a=b');
    expect(warnings).toContainEqual(
      'The item "Title of a" cannot be launched: my%20gone.html?a=b is no file of the package.',
    );
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '../outside.html'])(
    'that no browser should follow are dropped, with a warning: %s',
    async (url) => {
      const { href, warnings } = await hrefOf(url);
      expect(href).toBeUndefined();
      expect(warnings).toContainEqual(`imsmanifest.xml names addresses that are never launched: ${url}.`);
    },
  );

  test('forgive another case of the file name, with a warning', async () => {
    const { href, warnings } = await hrefOf('Pages/A.html', { 'pages/a.HTML': '' });
    expect(href).toBe('pages/a.HTML');
    expect(warnings).toEqual([
      'imsmanifest.xml writes file names in another case than the package: Pages/A.html (found pages/a.HTML).',
    ]);
  });

  test.each([
    ['?a=1', 'a.html?a=1'],
    ['a=1', 'a.html?a=1'],
    ['&amp;a=1', 'a.html?a=1'],
    ['#top', 'a.html#top'],
    ['', 'a.html'],
  ])('are joined with parameters "%s"', async (parameters, href) => {
    expect((await hrefOf('a.html', { 'a.html': '' }, '', parameters)).href).toBe(href);
  });

  test.each([
    ['a.html?x=1', '?y=2', 'a.html?x=1&y=2'],
    ['a.html#here', '?y=2', 'a.html?y=2#here'],
    ['a.html#here', '#there', 'a.html#here'],
    ['a.html?', 'y=2', 'a.html?y=2'],
  ])('keep their own query and fragment: %s with %s', async (written, parameters, href) => {
    expect((await hrefOf(written, { 'a.html': '' }, '', parameters)).href).toBe(href);
  });

  test.each([
    ['on the resource', '', '', 'xml:base="c/"', 'c/a.html'],
    ['everywhere', 'xml:base="a/"', 'xml:base="b/"', 'xml:base="c/"', 'a/b/c/a.html'],
    ['without its closing slash', '', 'xml:base="b"', '', 'b/a.html'],
    ['of a file, as in RFC 3986', '', '', 'xml:base="c/index.html"', 'c/a.html'],
  ])('are relative to xml:base: %s', async (_, onManifest, onResources, onResource, file) => {
    const resources = `<resources ${onResources}>${sco('res', 'a.html', '<file href="a.html"/>', `adlcp:scormtype="sco" ${onResource}`)}</resources>`;
    const attributes = `xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2" ${onManifest}`;
    const course = await readManifest({ resources, attributes }, { [file]: '' });
    expect(course.launchHref).toBe(file);
    expect(course.parserWarnings).toEqual([]);
  });

  test('may have an xml:base elsewhere', async () => {
    const resources = `<resources xml:base="https://cdn.example.com/c/">${sco('res', 'a.html')}</resources>`;
    expect((await readManifest({ resources })).launchHref).toBe('https://cdn.example.com/c/a.html');
  });
});

describe('what a package lacks', () => {
  test('listed files are counted in one warning that names a few', async () => {
    const files = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `<file href="${name}.js"/>`).join('');
    const course = await readManifest(scormItems(item('a'), sco('res', 'index.html', files + files)));
    expect(course.resources?.missingFiles).toBe(7);
    expect(course.parserWarnings).toEqual([
      '7 files that imsmanifest.xml lists cannot be found in the package: a.js, b.js, c.js, d.js, e.js and 2 more.',
    ]);
  });

  test('a missing launch file is a warning while others can be launched', async () => {
    const course = await readManifest(
      scormItems(item('a', '', 'identifierref="gone"') + item('b'), sco('gone', 'gone.html') + oneSco),
    );
    expect(course.launchHref).toBe('index.html');
    expect(course.parserWarnings[0]).toBe(
      'The item "Title of a" cannot be launched: gone.html is no file of the package.',
    );
  });

  test.each([
    ['its launch file', scormItems(item('a'), sco('res', 'gone.html'))],
    ['a resource for its item', scormItems(item('a', '', 'identifierref="gone"'), oneSco)],
    ['items', scormItems('', oneSco)],
    ['an href', scormItems(item('a'), '<resource identifier="res" adlcp:scormtype="sco"/>')],
    ['anything but a script', scormItems(item('a'), sco('res', 'javascript:alert(1)'))],
    ['everything', { organizations: '', resources: '' }],
  ])('nothing to launch is refused: a package without %s', async (_, options) => {
    await expect(readManifest(options)).rejects.toMatchObject({ kind: 'invalid', code: 'nothing_to_launch' });
  });

  test('resources without scormtype are assets, with a warning', async () => {
    const course = await readManifest(scormItems(item('a'), '<resource identifier="res" href="index.html"/>'));
    expect(course.rootActivity.children[0]?.type).toBe('ASSET');
    expect(course.parserWarnings).toEqual([
      expect.stringContaining('Resources without adlcp:scormtype are read as assets'),
    ]);
  });

  test('a file of another kind is no manifest', async () => {
    await expect(read({ 'imsmanifest.xml': '<html/>' })).rejects.toMatchObject({
      code: 'not_a_manifest',
      message: 'imsmanifest.xml is no SCORM manifest: its first element is <html>, not <manifest>.',
    });
  });
});

describe('the metadata of a SCORM package', () => {
  const lom12 = `<lom xmlns="http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"><general>
    <title><langstring xml:lang="de">Der Kurs</langstring><langstring xml:lang="en">The course</langstring></title>
    <language>de</language><description><langstring xml:lang="de">Über
    alles.</langstring></description>
    <keyword><langstring xml:lang="de">Golf</langstring></keyword><keyword><langstring xml:lang="x-none">Sport</langstring></keyword></general>
    <technical><duration><datetime>PT2H</datetime></duration></technical>
    <educational><typicallearningtime><datetime>0000-00-00T00:45</datetime></typicallearningtime></educational></lom>`;
  const lom2004 = `<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><title><string language="fr">Le cours</string></title>
    <description><string language="fr">Tout.</string></description><keyword><string>golf</string></keyword></general>
    <technical><duration><duration>PT2H</duration></duration></technical>
    <educational><typicalLearningTime><duration>PT45M</duration></typicalLearningTime></educational></lom>`;
  const withMetadata = (content: string) =>
    `<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion>${content}</metadata>`;

  test('is read in the binding of SCORM 1.2', async () => {
    const course = await readManifest({ metadata: withMetadata(lom12) });
    expect(course.title).toBe('The Course');
    expect(course.metadata).toEqual({
      title: 'Der Kurs',
      titleLanguage: 'de',
      description: expect.stringMatching(/^Über\s+alles\.$/),
      descriptionLanguage: 'de',
      keywords: ['Golf', 'Sport'],
      duration: 'PT2H',
      typicalTime: '0000-00-00T00:45',
    });
    expect(course.languages).toEqual(['de', 'en']);
  });

  test('is read in the binding of SCORM 2004', async () => {
    const course = await readManifest({ metadata: withMetadata(lom2004) });
    expect(course.metadata).toMatchObject({
      title: 'Le cours',
      titleLanguage: 'fr',
      keywords: ['golf'],
      duration: 'PT2H',
      typicalTime: 'PT45M',
    });
  });

  test('is read from a file of its own', async () => {
    const metadata = withMetadata('<adlcp:location>meta/course.xml</adlcp:location>');
    const course = await readManifest(
      { metadata },
      { 'meta/course.xml': encode(lom2004, 'utf-16le', { addBOM: true }) },
    );
    expect(course.metadata.title).toBe('Le cours');
    expect(course.parserWarnings).toEqual([]);
  });

  test.each([
    ['a missing file', {}, 'Metadata files that the manifest names are not in the package: meta.xml.'],
    ['a broken file', { 'meta.xml': '<lom>' }, /^The metadata file was left out: meta\.xml cannot be read: line 1/],
    ['a file with entities', { 'meta.xml': '<!DOCTYPE a [<!ENTITY x "y">]><lom/>' }, /left out.*entities/],
  ])('may be unreadable, with a warning: %s', async (_, more, warning) => {
    const course = await readManifest({ metadata: withMetadata('<adlcp:location>meta.xml</adlcp:location>') }, more);
    expect(course.parserWarnings).toEqual([expect.stringMatching(warning)]);
  });

  test('names a course whose organization has no title', async () => {
    const organizations = `<organizations><organization identifier="org">${item('a')}</organization></organizations>`;
    const course = await readManifest({ organizations, metadata: withMetadata(lom12) });
    expect(course.title).toBe('Der Kurs');
    expect((await readManifest({ organizations })).title).toBe('the-manifest');
  });

  test('long texts are cut, on one line, and never through a character', async () => {
    const organizations = `<organizations><organization identifier="org"><title>\n${'😀'.repeat(400)}</title>${item('a')}</organization></organizations>`;
    const { title } = await readManifest({ organizations });
    expect(title.length).toBeLessThanOrEqual(500);
    expect(title).toMatch(/^(😀)+…$/u);
  });
});

test('a manifest in UTF-16 without a byte order mark is read', async () => {
  const manifest = encode(manifestOf().replace('UTF-8', 'UTF-16').replace('The Course', 'Größe'), 'utf-16be');
  expect((await read({ 'imsmanifest.xml': manifest, 'index.html': '' })).title).toBe('Größe');
});
