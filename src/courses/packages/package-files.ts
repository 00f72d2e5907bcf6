/** A package's files as the readers see them, wherever they are kept. */
export interface PackageFiles {
  /** Every file's path: forward slashes, no leading slash, no `.` or `..` segments. */
  readonly paths: readonly string[];
  has(path: string): boolean;
  /** Reads a whole file; refuses one that is larger than `maxBytes`. */
  readFile(path: string, maxBytes: number): Promise<Buffer>;
}
