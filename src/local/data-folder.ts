import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CannotStart } from './cannot-start';
import { reachableFolder } from './postgres-binaries';
import { isRunning, self, type KnownProcess } from './process-identity';
import { canEnter, type ServerUser } from './server-user';

export interface DataFolderChoice {
  folder: string;
  /** Why it is not where one would look for it. */
  reason?: string;
}

/**
 * `DATA_DIR`, else `data` in the checkout. Root starts Postgres as another user, who must be able to go there: when the
 * checkout is closed to that user, the data live in a folder of their own under /var/lib, named after the checkout.
 */
export function chooseDataFolder(
  given: string | undefined,
  checkout: string,
  user: ServerUser | undefined,
): DataFolderChoice {
  const folder = path.resolve(checkout, given ?? 'data');
  const closedTo = user && !canEnter(nearestFolder(folder), user);
  if (!closedTo) return { folder };
  if (given !== undefined) {
    throw new CannotStart(
      `DATA_DIR (${folder}) lies in a folder that only root can enter, and Postgres does not run as root. ` +
        'Choose another folder, open that one (chmod o+x), or set DATABASE_URL to a Postgres that runs already.',
    );
  }
  const mark = createHash('sha256').update(checkout).digest('hex').slice(0, 8);
  return {
    folder: path.join(reachableFolder, `${path.basename(checkout)}-${mark}`),
    reason: `Postgres cannot run as root, and its user cannot enter ${checkout}`,
  };
}

const nearestFolder = (folder: string): string => (existsSync(folder) ? folder : nearestFolder(path.dirname(folder)));

/** A data folder that is ours alone for as long as this process runs. */
export class DataFolder {
  private constructor(readonly root: string) {}

  /** Creates the folder and takes its lock; throws when another process holds it. */
  static open(folder: string): DataFolder {
    const data = new DataFolder(folder);
    try {
      // Others may pass, not look: Postgres' user has to get to its own folder.
      mkdirSync(folder, { recursive: true, mode: 0o711 });
      data.takeLock();
    } catch (error) {
      if (error instanceof CannotStart) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new CannotStart(
        `The data folder ${folder} cannot be used: ${why}. Start as the user it belongs to, or set DATA_DIR.`,
      );
    }
    return data;
  }

  join(...parts: string[]): string {
    return path.join(this.root, ...parts);
  }

  /** A folder in it that is nobody else's to look into. */
  folder(name: string): string {
    mkdirSync(this.join(name), { recursive: true, mode: 0o700 });
    return this.join(name);
  }

  /** The secret of that name: made the first time, the same ever after. */
  secret(name: string, encoding: 'base64' | 'hex'): string {
    const file = this.join(name);
    if (!existsSync(file)) this.writePrivate(name, randomBytes(32).toString(encoding));
    return readFileSync(file, 'utf8').trim();
  }

  /** Processes that were started for this data and might outlive us. */
  get knownProcesses(): Record<string, KnownProcess> {
    return (this.readJson('processes.json') ?? {}) as Record<string, KnownProcess>;
  }

  set knownProcesses(processes: Record<string, KnownProcess>) {
    this.writePrivate('processes.json', JSON.stringify(processes));
  }

  release(): void {
    rmSync(this.join('processes.json'), { force: true });
    rmSync(this.join('lock'), { force: true });
  }

  private takeLock(): void {
    const holder = this.readJson('lock') as KnownProcess | undefined;
    if (holder && isRunning(holder)) {
      throw new CannotStart(
        `The hub is running on ${this.root} already (process ${holder.pid}). ` +
          `Stop that one (kill ${holder.pid}), or set DATA_DIR to another folder, and other ports with it.`,
      );
    }
    rmSync(this.join('lock'), { force: true });
    // "wx": of two that start at the same moment, one fails here.
    writeFileSync(this.join('lock'), JSON.stringify(self()), { flag: 'wx', mode: 0o600 });
  }

  private readJson(name: string): unknown {
    try {
      return JSON.parse(readFileSync(this.join(name), 'utf8'));
    } catch {
      return undefined;
    }
  }

  private writePrivate(name: string, text: string): void {
    const partial = this.join(`${name}.partial`);
    writeFileSync(partial, text, { mode: 0o600 });
    renameSync(partial, this.join(name));
  }
}
