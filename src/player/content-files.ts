import { type CourseFile, findCourseFile, getContent } from '../courses/course-files';
import type { CourseVersionRow } from '../courses/courses.store';
import type { Resources } from '../resources';
import type { BlobReader } from '../storage/content-store';

/** Where files of revisions lie: that never changes, so the last ones that were asked for are remembered. */
const maxPlaces = 50_000;
/** Packages that are held open, since a course's page asks for dozens of files at once. */
const maxOpen = 64;
/** An open package is closed this long after it was last used, in ms. */
const idleMs = 30_000;

interface OpenBlob {
  reader: Promise<BlobReader>;
  users: number;
  timer: NodeJS.Timeout | undefined;
}

/** Finds and opens the files of courses that are being played. */
export class ContentFiles {
  private readonly places = new Map<string, CourseFile>();
  private readonly open = new Map<string, OpenBlob>();

  constructor(private readonly resources: Pick<Resources, 'db' | 'content'>) {}

  /** The file at a path, exact also in case. What is not there is asked for each time: an asset cannot bring it to a revision. */
  async find(version: CourseVersionRow, revision: number, path: string): Promise<CourseFile | undefined> {
    const key = `${version.id} ${revision} ${path}`;
    const known = this.places.get(key);
    if (known) return known;
    const { db } = this.resources;
    const found = await findCourseFile(db, await getContent(db, version, revision), path);
    if (found) this.remember(key, found);
    return found;
  }

  private remember(key: string, file: CourseFile): void {
    this.places.set(key, file);
    if (this.places.size > maxPlaces) this.places.delete(this.places.keys().next().value!);
  }

  /** A blob for as long as it is used; `release` when done. */
  async use(key: string): Promise<{ reader: BlobReader; release: () => void }> {
    const blob = this.open.get(key) ?? this.add(key);
    clearTimeout(blob.timer);
    blob.users += 1;
    try {
      const reader = await blob.reader;
      return { reader, release: () => this.release(key, blob) };
    } catch (error) {
      blob.users -= 1;
      if (this.open.get(key) === blob) this.open.delete(key);
      throw error;
    }
  }

  private add(key: string): OpenBlob {
    const blob: OpenBlob = { reader: this.resources.content.open(key), users: 0, timer: undefined };
    this.open.set(key, blob);
    return blob;
  }

  private release(key: string, blob: OpenBlob): void {
    blob.users -= 1;
    if (blob.users > 0) return;
    blob.timer = setTimeout(() => this.close(key, blob), this.open.size > maxOpen ? 0 : idleMs).unref();
  }

  private close(key: string, blob: OpenBlob): void {
    if (blob.users > 0) return;
    if (this.open.get(key) === blob) this.open.delete(key);
    // It was read to the end by all who used it: nobody could do anything about a failure.
    void blob.reader.then((reader) => reader.close()).catch(() => undefined);
  }

  /** Closes what nobody uses. */
  end(): void {
    for (const [key, blob] of this.open) {
      clearTimeout(blob.timer);
      this.close(key, blob);
    }
  }
}
