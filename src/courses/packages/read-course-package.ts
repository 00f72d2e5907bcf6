import { type AppError, invalid, isAppError } from '../../errors';
import { readAiccPackage } from './aicc-package';
import { readCmi5Package } from './cmi5-package';
import type { CoursePackage } from './package';
import type { PackageFiles } from './package-files';
import { readScormPackage } from './scorm-package';
import { readTincanPackage } from './tincan-package';

type Reader = (files: PackageFiles, path: string) => Promise<CoursePackage>;

/**
 * The descriptors by name, and their precedence where a package has several, newest standard first. A publisher who adds
 * tincan.xml or cmi5.xml to a SCORM package means it to be used by whoever can, and leaves imsmanifest.xml for the rest; SCORM
 * Cloud is known to take cmi5.xml before tincan.xml.
 */
const descriptors: readonly { name: string; label: string; read: Reader }[] = [
  { name: 'cmi5.xml', label: 'cmi5', read: readCmi5Package },
  { name: 'tincan.xml', label: 'xAPI', read: readTincanPackage },
  { name: 'imsmanifest.xml', label: 'SCORM', read: readScormPackage },
];

/** Reads what a zip holds, whatever its standard. Refuses with a message for the course author. */
export async function readCoursePackage(files: PackageFiles): Promise<CoursePackage> {
  const candidates = findDescriptors(files);
  const [first, ...others] = candidates;
  if (!first) throw noDescriptor(files);
  try {
    return withNote(await first.read(files, first.path), first, others);
  } catch (error) {
    // cmi5 is strict; a tincan.xml that launches nothing is often a left-over of the authoring tool in a good SCORM package.
    const next = others.find(({ name }) => name === 'imsmanifest.xml');
    if (first.name !== 'tincan.xml' || !next || !isAppError(error) || error.kind !== 'invalid') throw error;
    const course = await next.read(files, next.path);
    course.parserWarnings.unshift(`${first.path} was left out for ${next.path}: ${error.message}`);
    return course;
  }
}

interface Candidate {
  name: string;
  label: string;
  path: string;
  read: Reader;
}

/**
 * The descriptors that the package can be read by, best first. They belong to the top of the package; an AICC course may lie in
 * a folder.
 */
function findDescriptors(files: PackageFiles): Candidate[] {
  const atTop = descriptors.flatMap((descriptor): Candidate[] => {
    const path = files.paths.find((one) => one.toLowerCase() === descriptor.name);
    return path === undefined ? [] : [{ ...descriptor, path }];
  });
  const aicc = findAicc(files);
  const found = [...atTop, ...(aicc ? [aicc] : [])];
  const inFolder = findInFolder(files);
  if (!inFolder || atTop.length > 0 || (aicc && !aicc.path.includes('/'))) return found;
  if (isTincanRoot(inFolder, files)) return [inFolder];
  throw oneFolderDown(inFolder);
}

/** The .crs file nearest to the top. */
function findAicc(files: PackageFiles): Candidate | undefined {
  const all = visiblePaths(files).filter((path) => path.toLowerCase().endsWith('.crs'));
  const path = all.toSorted((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1))[0];
  return path === undefined ? undefined : { name: '.crs', label: 'AICC', path, read: readAiccPackage };
}

/** The root of a Tin Can package is where tincan.xml lies, provided that nothing but its folders is around it. */
const isTincanRoot = ({ name, path }: Candidate, files: PackageFiles): boolean =>
  name === 'tincan.xml' && visiblePaths(files).every((one) => one.startsWith(folderOf(path)));

function findInFolder(files: PackageFiles): Candidate | undefined {
  const nested = visiblePaths(files).flatMap((path): Candidate[] => {
    const name = path.slice(folderOf(path).length).toLowerCase();
    const descriptor = descriptors.find((one) => path.includes('/') && one.name === name);
    return descriptor ? [{ ...descriptor, path }] : [];
  });
  return nested.toSorted((a, b) => depthOf(a.path) - depthOf(b.path))[0];
}

function withNote(course: CoursePackage, used: Candidate, others: Candidate[]): CoursePackage {
  const rest = others.map(({ path, label }) => `${path} (${label})`);
  if (rest.length > 0) {
    course.parserWarnings.unshift(
      `The package was read as ${used.label} by ${used.path}; it also has ${rest.join(', ')}.`,
    );
  }
  return course;
}

function oneFolderDown({ path }: Candidate): AppError {
  const folder = folderOf(path);
  const message =
    `${path.slice(folder.length)} lies in the folder ${folder}, not at the top of the package. ` +
    'Zip the contents of that folder instead of the folder itself, and upload that.';
  return invalid(message, { code: 'descriptor_in_folder' });
}

function noDescriptor(files: PackageFiles): AppError {
  const paths = visiblePaths(files);
  const [only] = paths;
  if (only === undefined) return invalid('The package holds no files.', { code: 'empty_package' });
  if (paths.length === 1 && only.toLowerCase().endsWith('.zip')) {
    return invalid(`The package holds nothing but ${only}. Upload that file itself.`, { code: 'nested_package' });
  }
  const message =
    'The package has no imsmanifest.xml (SCORM), cmi5.xml (cmi5), tincan.xml (xAPI) or .crs file (AICC). ' +
    'Was it published for a learning management system?';
  return invalid(message, { code: 'no_descriptor' });
}

/** Without what macOS adds to a zip. */
const visiblePaths = (files: PackageFiles): string[] =>
  files.paths.filter((path) => !/(^|\/)(__MACOSX\/|\.DS_Store$|\._)/.test(path));

/** With its slash; empty at the top. */
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

const depthOf = (path: string): number => path.split('/').length;
