import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Where the build puts what the player's page loads. */
const builtFolder = path.resolve(__dirname, '../../browser');

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

export interface PlayerAsset {
  body: Buffer;
  type: string;
  etag: string;
}

/** The player's own scripts and styles by name, and the SCORM runtimes, out of their package. All small: held in memory. */
export function readPlayerAssets(folder = builtFolder): ReadonlyMap<string, PlayerAsset> {
  const own = readdirSync(folder).filter((name) => types[path.extname(name)] !== undefined);
  const assets = own.map((name): [string, PlayerAsset] => [name, readAsset(path.join(folder, name))]);
  const runtimes = ['scorm12', 'scorm2004'].map((name): [string, PlayerAsset] => [
    `${name}.min.js`,
    readAsset(require.resolve(`scorm-again/${name}/min`)),
  ]);
  return new Map([...assets, ...runtimes]);
}

function readAsset(file: string): PlayerAsset {
  // The runtimes name a source map that is not served.
  const body = Buffer.from(readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
  const hash = createHash('sha256').update(body).digest('base64url');
  return { body, type: types[path.extname(file)]!, etag: `"${hash}"` };
}
