import { encode } from 'iconv-lite';
import { readAiccPackage } from '../../../src/courses/packages/aicc-package';
import type { Activity, CoursePackage } from '../../../src/courses/packages/package';
import { aiccCourse, filesOf, type PackageContents } from '../../support/course-packages';

const read = (files?: PackageContents): Promise<CoursePackage> =>
  readAiccPackage(filesOf(aiccCourse(files)), 'course.crs');

const units = (...ids: string[]) => ['system_id,file_name', ...ids.map((id) => `${id},index.html`)].join('\n');
const outline = (activities: Activity[]): unknown[] =>
  activities.map(({ identifier, children }) => (children.length > 0 ? [identifier, outline(children)] : identifier));

describe('an AICC course', () => {
  test('is read from its files', async () => {
    expect(await read()).toEqual({
      learningStandard: 'AICC',
      title: 'The AICC Course',
      identifier: 'aicc-1',
      metadata: { title: 'The AICC Course', description: 'All about it.', keywords: [] },
      languages: [],
      launchHref: 'index.html?mode=full',
      manifestPath: 'course.crs',
      rootActivity: {
        identifier: 'aicc-1',
        title: 'The AICC Course',
        type: 'AGGREGATION',
        children: [
          {
            identifier: 'A001',
            title: 'The Unit',
            description: 'First.',
            type: 'SCO',
            href: 'index.html?mode=full',
            parameters: 'mode=full',
            masteryScore: '80',
            maxTimeAllowed: '00:30:00',
            timeLimitAction: 'E,M',
            launchData: 'key=value',
            children: [],
          },
        ],
      },
      sequenced: false,
      parserWarnings: [],
    });
  });

  test('may lie in a folder, with names in any case', async () => {
    const files = Object.entries(aiccCourse()).map(([name, content]) => [`Course/${name.toUpperCase()}`, content]);
    const course = await readAiccPackage(filesOf(Object.fromEntries(files)), 'Course/COURSE.CRS');
    expect(course.launchHref).toBe('Course/INDEX.HTML?mode=full');
    expect(course.parserWarnings).toEqual([expect.stringContaining('in another case')]);
  });

  test('has the tree of its .cst file: blocks, units within units, objectives', async () => {
    const course = await read({
      'course.au': units('A1', 'A2', 'A3'),
      'course.des': 'system_id,title\nA1,One\nA2,Two\nA3,Three\nB1,Block\nJ1,Goal\n',
      'course.cst': 'block,member,member\r\nROOT,B1,a3\r\nB1,A1,J1\r\nA1,A2\r\n',
    });
    expect(outline(course.rootActivity.children)).toEqual([['B1', [['A1', ['A2']], 'J1']], 'a3']);
    const [block] = course.rootActivity.children;
    expect(block).toMatchObject({
      type: 'AGGREGATION',
      title: 'Block',
      children: [{ type: 'SCO' }, { type: 'OBJECTIVE', title: 'Goal' }],
    });
    expect(course.parserWarnings).toEqual([]);
  });

  test('takes prerequisites from .pre, else from .cst, and objectives from .ort', async () => {
    const course = await read({
      'course.au': units('A1', 'A2'),
      'course.des': 'system_id,title\nA1,One\nA2,Two\nJ1,Goal\n',
      'course.cst': 'block,member,prerequisites\nroot,A1,A2\nroot,A2,A1\n',
      'course.pre': '"structure_element","prerequisite"\n"A2","A1&~A3"\n',
      'course.ort': 'course_element,member,member\nA1,J1,J2\n',
    });
    expect(course.rootActivity.children).toMatchObject([
      { prerequisites: 'A2', objectives: [{ identifier: 'J1', title: 'Goal' }, { identifier: 'J2' }] },
      { prerequisites: 'A1&~A3' },
    ]);
  });

  test('has quoted values with commas, quotes and line breaks, and headers in any order', async () => {
    const course = await read({
      'course.au': '"FILE_NAME", "core_vendor" ,system_id\r\n"index.html","a=""1"",b=2", A001 \r\n',
      'course.des': 'Description,Title,System_ID\r\n"First line,\r\nsecond ""line""","The, Unit",A001\r\n',
    });
    expect(course.rootActivity.children).toMatchObject([
      { title: 'The, Unit', description: 'First line,\r\nsecond "line"', launchData: 'a="1",b=2', href: 'index.html' },
    ]);
  });

  test('has values over several lines in its .crs file', async () => {
    const crs =
      '; made by a tool\n[COURSE]\ncourse_id = 7\nCourse_Title=A title\n  on two lines\n[Course_Description]\nOne = 1\n\nTwo.\n';
    const course = await read({ 'course.crs': crs });
    expect(course).toMatchObject({
      identifier: '7',
      title: 'A title on two lines',
      metadata: { description: 'One = 1\n\nTwo.' },
    });
  });

  test.each([
    ['UTF-8', Buffer.from('[Course]\nCourse_Title=Größe')],
    ['UTF-8 with a byte order mark', Buffer.from('\uFEFF[Course]\nCourse_Title=Größe')],
    ['windows-1252', encode('[Course]\nCourse_Title=Größe', 'windows-1252')],
    ['UTF-16', encode('[Course]\nCourse_Title=Größe', 'utf-16le', { addBOM: true })],
  ])('is read in %s', async (_, crs) => {
    expect((await read({ 'course.crs': crs })).title).toBe('Größe');
  });

  test('may launch a web address with parameters', async () => {
    const au = 'system_id,file_name,web_launch\nA001,https://example.com/a?b=c,d=e\n';
    expect((await read({ 'course.au': au })).launchHref).toBe('https://example.com/a?b=c&d=e');
  });

  test('leaves a block out of itself', async () => {
    const course = await read({ 'course.cst': 'block,member,member\nroot,B1\nB1,A001,B2\nB2,B1,B2\n' });
    expect(outline(course.rootActivity.children)).toEqual([['B1', ['A001', 'B2']]]);
  });

  test.each([
    ['no ROOT', { 'course.cst': 'block,member\nB1,A001\n' }, /has no ROOT/],
    ['a unit that is left out', { 'course.au': units('A001', 'A002') }, /leaves out: a002/],
    [
      'an unknown member',
      { 'course.cst': 'block,member\nroot,A001\nroot,B9\n', 'course.des': 'system_id,title\nA001,T\n' },
      /names B9, which no other file describes/,
    ],
    [
      'a block inside itself',
      { 'course.cst': 'block,member,member\nroot,B1\nB1,A001,B1\n', 'course.des': 'system_id,title\nA001,T\nB1,B\n' },
      /block B1 contains itself/,
    ],
    ['no title', { 'course.des': 'system_id,title\n' }, /A001 has no title/],
    ['no course title', { 'course.crs': '[Course]\nCourse_ID=1\n' }, /no Course_Title/],
    [
      'completion requirements',
      { 'course.cmp': 'structure_element,requirement\n' },
      /completion requirements of course\.cmp are not applied/,
    ],
  ])('is read with a warning: %s', async (_, files, warning) => {
    const course = await read(files);
    expect(course.parserWarnings).toContainEqual(expect.stringMatching(warning));
    expect(course.launchHref).toMatch(/^index\.html/);
  });

  test.each([
    ['an empty .au file', { 'course.au': 'system_id,file_name\n' }, 'aicc_without_units'],
    ['a missing launch file', { 'course.au': 'system_id,file_name\nA001,gone.html\n' }, 'nothing_to_launch'],
    ['no file name', { 'course.au': 'system_id,file_name\nA001,\n' }, 'nothing_to_launch'],
  ])('is refused: %s', async (_, files, code) => {
    await expect(read(files)).rejects.toMatchObject({ kind: 'invalid', code });
  });

  test('is refused where blocks within blocks multiply without end', async () => {
    const blocks = Array.from({ length: 20 }, (_, index) => `B${index},B${index + 1},B${index + 1}`).join('\n');
    const result = read({ 'course.cst': `block,member\nroot,B0\n${blocks}\n` });
    await expect(result).rejects.toMatchObject({ code: 'too_many_activities' });
  });
});
