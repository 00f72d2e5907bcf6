import { type AiccCourseFile, type AiccRecord, parseAiccCourse, parseAiccTable } from './aicc-text';
import { decodePlainText } from './decode-descriptor';
import { descriptorLimits } from './descriptor-limits';
import type { PackageFiles } from './package-files';

/** An AICC course's files, read into memory. */
export interface AiccFiles {
  course: AiccCourseFile;
  /** The tables by their extension: `au`, `des`, `cst`, `pre`, `ort`, `cmp`. Absent where the file is. */
  tables: ReadonlyMap<string, AiccRecord[]>;
  /** The folder that they lie in, with its slash: file names are relative to it. */
  folder: string;
  /** The .crs file's name without folder and extension. */
  name: string;
}

const tableExtensions = ['au', 'des', 'cst', 'pre', 'ort', 'cmp'];

/** Reads the .crs file and, in its folder, the tables: of its own name, else the only ones of their kind. */
export async function readAiccFiles(files: PackageFiles, coursePath: string): Promise<AiccFiles> {
  const [, folder = '', name = ''] = /^(.*\/)?([^/]*)\.crs$/i.exec(coursePath) ?? [];
  const read = async (path: string): Promise<string> =>
    decodePlainText(await files.readFile(path, descriptorLimits.aiccBytes));
  const tables = new Map<string, AiccRecord[]>();
  for (const extension of tableExtensions) {
    const path = findTable(files, folder, name, extension);
    if (path) tables.set(extension, parseAiccTable(await read(path)));
  }
  return { course: parseAiccCourse(await read(coursePath)), tables, folder, name };
}

function findTable(files: PackageFiles, folder: string, name: string, extension: string): string | undefined {
  const inFolder = files.paths.filter((path) => path.startsWith(folder) && !path.slice(folder.length).includes('/'));
  const ofKind = inFolder.filter((path) => path.toLowerCase().endsWith(`.${extension}`)).toSorted();
  const own = `${folder}${name}.${extension}`.toLowerCase();
  return ofKind.find((path) => path.toLowerCase() === own) ?? ofKind[0];
}
