const mebibyte = 1024 ** 2;

/** How much a package may hold. A package beyond any of these is refused before its files are looked at. */
export interface PackageLimits {
  /** Entries of the zip, folders included. */
  maxEntries: number;
  /** Bytes of the zip's table of contents, which is held in memory while it is read. */
  maxDirectorySize: number;
  /** Bytes of all files together, uncompressed. */
  maxTotalSize: number;
  /** How many bytes one compressed byte may become, over the whole package and in any one file. */
  maxRatio: number;
  /** Uncompressed bytes from which a whole package is judged by `maxRatio`: less cannot hurt. */
  ratioFloor: number;
  /** Uncompressed bytes from which a single file is judged by `maxRatio`. */
  entryRatioFloor: number;
  /** Bytes of one path as the zip writes it. */
  maxPathLength: number;
}

/**
 * Deflate reaches 1,032:1 on zeros; real courses stay under 20:1 as a whole. A single file may well be empty space (a
 * silent sound track, a blank bitmap), so that one file is judged only from a size where it would matter. A directory takes some 200 bytes per entry. 1,024 bytes are
 * what object stores take as a key, and a quarter of what a path may have on Linux.
 */
export const defaultPackageLimits: PackageLimits = {
  maxEntries: 50_000,
  maxDirectorySize: 32 * mebibyte,
  maxTotalSize: 10 * 1024 * mebibyte,
  maxRatio: 200,
  ratioFloor: mebibyte,
  entryRatioFloor: 16 * mebibyte,
  maxPathLength: 1024,
};
