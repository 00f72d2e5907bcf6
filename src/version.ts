import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The nearest package.json above: one folder up from the sources, two from the build. */
function readVersion(folder: string): string {
  try {
    return (JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string }).version;
  } catch (error) {
    const parent = path.dirname(folder);
    if (parent === folder) throw error;
    return readVersion(parent);
  }
}

/** The version of this software, as package.json says it. */
export const version = readVersion(__dirname);
