import type { CoursePackage } from '../../../src/courses/packages/package';
import { readTincanPackage } from '../../../src/courses/packages/tincan-package';
import { filesOf, type PackageContents, tincanCourse } from '../../support/course-packages';

const read = (activities?: string, more?: PackageContents): Promise<CoursePackage> =>
  readTincanPackage(filesOf(tincanCourse(activities, more)), 'tincan.xml');

const activity = (id: string, content: string, type = 'http://adlnet.gov/expapi/activities/course') =>
  `<activity id="https://example.com/${id}" type="${type}"><name>Activity ${id}</name>${content}</activity>`;

describe('an xAPI package', () => {
  test('is the activity that it launches', async () => {
    expect(await read()).toEqual({
      learningStandard: 'XAPI',
      title: 'The xAPI Course',
      identifier: 'https://example.com/course',
      xapiActivityId: 'https://example.com/course',
      metadata: {
        title: 'The xAPI Course',
        titleLanguage: 'en-US',
        description: 'About it.',
        descriptionLanguage: 'en-US',
        keywords: [],
      },
      languages: ['en-US'],
      launchHref: 'index.html',
      manifestPath: 'tincan.xml',
      rootActivity: {
        identifier: 'https://example.com/course',
        title: 'The xAPI Course',
        description: 'About it.',
        type: 'SCO',
        href: 'index.html',
        xapiActivityType: 'http://adlnet.gov/expapi/activities/course',
        children: [],
      },
      sequenced: false,
      parserWarnings: [],
    });
  });

  test('has the other activities below it, wherever the launched one stands', async () => {
    const objective = 'http://adlnet.gov/expapi/activities/objective';
    const course = await read(
      activity('a', '', objective) + activity('b', '<launch>index.html</launch>') + activity('c', ''),
    );
    expect(course.rootActivity).toMatchObject({
      identifier: 'https://example.com/b',
      children: [
        { identifier: 'https://example.com/a', type: 'OBJECTIVE' },
        { identifier: 'https://example.com/c', type: 'UNKNOWN' },
      ],
    });
  });

  test('has the languages of its course, without repeats', async () => {
    const course = await read(
      '<activity id="urn:a"><name lang="en-US">E</name><name lang="de">D</name><launch lang="en-us">index.html</launch></activity>',
    );
    expect(course.languages).toEqual(['en-US', 'de']);
    expect(course.title).toBe('E');
  });

  test('may launch a web address', async () => {
    expect((await read(activity('a', '<launch>https://example.com/x?y=z</launch>'))).launchHref).toBe(
      'https://example.com/x?y=z',
    );
  });

  test.each([
    [
      'an id that is no IRI',
      '<activity id="course"><name>C</name><launch>index.html</launch></activity>',
      /line 1: the activity has the id "course", which is no full IRI/,
    ],
    ['no name', '<activity id="urn:a"><launch>index.html</launch></activity>', /urn:a has no name/],
    [
      'a second launch that is missing',
      activity('a', '<launch>index.html</launch>') + activity('b', '<launch>gone.html</launch>'),
      /1 file that tincan\.xml lists cannot be found in the package: gone\.html/,
    ],
  ])('is read with a warning: %s', async (_, activities, warning) => {
    expect((await read(activities)).parserWarnings).toEqual([expect.stringMatching(warning)]);
  });

  test.each([
    ['no launch', activity('a', ''), 'nothing_to_launch'],
    ['a missing file', activity('a', '<launch>gone.html</launch>'), 'nothing_to_launch'],
    ['no activities', '', 'not_a_tincan_file'],
    ['no id', '<activity><launch>index.html</launch></activity>', 'activity_without_id'],
  ])('is refused: %s', async (_, activities, code) => {
    await expect(read(activities)).rejects.toMatchObject({ kind: 'invalid', code });
  });
});
