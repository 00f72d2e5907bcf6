import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { RandomAccess } from '../../src/courses/packages/package';
import type { PackageFiles } from '../../src/courses/packages/package-files';
import { defaultPackageLimits } from '../../src/courses/packages/package-limits';
import { readZipIndex } from '../../src/courses/packages/zip-index';
import { ZipPackage } from '../../src/courses/packages/zip-package';

/** What a package of a test holds, by path. */
export type PackageContents = Record<string, string | Buffer>;

export async function zipOf(contents: PackageContents): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, content] of Object.entries(contents)) zip.addBuffer(Buffer.from(content), path);
  zip.end();
  return buffer(zip.outputStream);
}

/** The files as a reader sees them, without a zip around them. */
export function filesOf(contents: PackageContents): PackageFiles {
  const files = new Map(Object.entries(contents).map(([path, content]) => [path, Buffer.from(content)]));
  return {
    paths: [...files.keys()],
    has: (path) => files.has(path),
    readFile: async (path, maxBytes) => {
      const content = files.get(path);
      if (!content) throw new Error(`no file ${path}`);
      if (content.length > maxBytes) throw new Error(`${path} is larger than ${maxBytes}`);
      return content;
    },
  };
}

/** The files of a real zip, read as an import reads them. */
export async function openZip(zip: Buffer): Promise<PackageFiles> {
  const source: RandomAccess = {
    size: zip.length,
    read: async (offset, length) => zip.subarray(offset, offset + length),
  };
  return new ZipPackage(source, await readZipIndex(source, defaultPackageLimits));
}

const html = '<!doctype html><title>Lesson</title><p>Hello.';

export interface ManifestOptions {
  version?: string;
  /** Attributes of `<manifest>` besides its identifier. */
  attributes?: string;
  metadata?: string;
  organizations?: string;
  resources?: string;
  /** After the resources. */
  more?: string;
}

const scorm12Namespaces =
  'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"';

const scorm2004Namespaces =
  'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" ' +
  'xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3" xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3" ' +
  'xmlns:imsss="http://www.imsglobal.org/xsd/imsss"';

/** An imsmanifest.xml with one SCO; any part can be put in place. */
export function manifestOf(options: ManifestOptions = {}): string {
  const version = options.version === undefined ? '1.2' : options.version;
  const {
    attributes = version.startsWith('1.') ? scorm12Namespaces : scorm2004Namespaces,
    metadata = `<metadata><schema>ADL SCORM</schema><schemaversion>${version}</schemaversion></metadata>`,
    organizations = `<organizations default="org"><organization identifier="org"><title>The Course</title>
      <item identifier="item" identifierref="res"><title>The Lesson</title></item></organization></organizations>`,
    resources = `<resources><resource identifier="res" type="webcontent" adlcp:scormtype="sco" href="index.html">
      <file href="index.html"/></resource></resources>`,
    more = '',
  } = options;
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="the-manifest" ${attributes}>${metadata}${organizations}${resources}${more}</manifest>`;
}

export const scormCourse = (options: ManifestOptions = {}, more: PackageContents = {}): PackageContents => ({
  'imsmanifest.xml': manifestOf(options),
  'index.html': html,
  ...more,
});

/** A course of `<item>`s and `<resource>`s, each given as XML. */
export const scormItems = (items: string, resources: string, version = '1.2'): ManifestOptions => ({
  version,
  organizations: `<organizations default="org"><organization identifier="org"><title>The Course</title>${items}</organization></organizations>`,
  resources: `<resources>${resources}</resources>`,
});

export const tincanCourse = (activities?: string, more: PackageContents = {}): PackageContents => ({
  'tincan.xml': `<?xml version="1.0" encoding="utf-8"?><tincan xmlns="http://projecttincan.com/tincan.xsd"><activities>${
    activities ??
    `<activity id="https://example.com/course" type="http://adlnet.gov/expapi/activities/course">
      <name lang="en-US">The xAPI Course</name><description lang="en-US">About it.</description>
      <launch lang="en-US">index.html</launch></activity>`
  }</activities></tincan>`,
  'index.html': html,
  ...more,
});

export const cmi5Namespace = 'https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd';

/** A `<title>` and `<description>` of cmi5. */
export const cmi5Texts = (title: string): string =>
  `<title><langstring lang="en-US">${title}</langstring></title>` +
  `<description><langstring lang="en-US">About ${title}</langstring></description>`;

export const cmi5Unit = (id: string, url: string, attributes = '', more = ''): string =>
  `<au id="https://example.com/${id}" ${attributes}>${cmi5Texts(`Unit ${id}`)}<url>${url}</url>${more}</au>`;

/** A cmi5.xml: the course, then what is given (units, blocks, objectives). */
export const cmi5Xml = (content: string, attributes = ''): string =>
  `<?xml version="1.0" encoding="utf-8"?>
<courseStructure xmlns="${cmi5Namespace}" ${attributes}>
<course id="https://example.com/course">${cmi5Texts('The cmi5 Course')}</course>
${content}</courseStructure>`;

export const cmi5Course = (content = cmi5Unit('au', 'index.html'), more: PackageContents = {}): PackageContents => ({
  'cmi5.xml': cmi5Xml(content),
  'index.html': html,
  ...more,
});

export const aiccCourse = (files: PackageContents = {}): PackageContents => ({
  'course.crs':
    '[Course]\r\nCourse_ID=aicc-1\r\nCourse_Title=The AICC Course\r\n[Course_Description]\r\nAll about it.\r\n',
  'course.au':
    '"System_ID","Type","File_Name","Web_Launch","Mastery_Score","Max_Time_Allowed","Time_Limit_Action","Core_Vendor"\r\n' +
    '"A001","lesson","index.html","mode=full","80","00:30:00","E,M","key=value"\r\n',
  'course.des': '"System_ID","Developer_ID","Title","Description"\r\n"A001","dev","The Unit","First."\r\n',
  'course.cst': '"block","member"\r\n"root","A001"\r\n',
  'index.html': html,
  ...files,
});
