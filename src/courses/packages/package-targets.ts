import { appendParameters, decodePath, encodePath, isAbsoluteUrl, isWebUrl, normalizePath, splitHref } from './hrefs';
import type { PackageFiles } from './package-files';
import { nameFew, type ParserWarnings } from './parser-warnings';

/** Where an href leads. */
export interface Target {
  /** As `Activity.href`. */
  href: string;
  /** Whether it can be opened: a file of the package, or a web address. */
  reachable: boolean;
}

/**
 * Folders that an href may be relative to, best guess first. An `xml:base` without its closing slash is read as a folder, which
 * is what its author meant (CAM asks for the slash), and else as RFC 3986 says: without its last segment.
 */
export type Bases = readonly string[];

export const packageRoot: Bases = [''];

export function extendBases(bases: Bases, own: string | undefined): Bases {
  if (!own) return bases;
  if (isAbsoluteUrl(own)) return [own];
  const folder = own.replaceAll('\\', '/').replace(/\/*$/, '/');
  const readings = own.endsWith('/') ? [folder] : [folder, folder.replace(/[^/]*\/$/, '')];
  return [...new Set(bases.flatMap((base) => readings.map((reading) => base + reading)))];
}

/** Finds what a descriptor's hrefs mean among the package's files, and tells what it had to forgive. */
export class PackageTargets {
  private readonly byLowerCase: Map<string, string>;
  private readonly missing = new Set<string>();
  private readonly unsafe = new Set<string>();
  private readonly otherCase = new Map<string, string>();

  constructor(private readonly files: PackageFiles) {
    this.byLowerCase = new Map(files.paths.toReversed().map((path) => [path.toLowerCase(), path]));
  }

  /**
   * Where `href` leads from the first of `bases` that holds it. A missing file keeps its href and is counted. Undefined for what
   * no browser should be sent to: scripts, local files, ways out of the package.
   */
  resolve(href: string, bases: Bases = packageRoot): Target | undefined {
    const absolute = [href, (bases[0] ?? '') + href].find(isAbsoluteUrl);
    if (absolute) return this.resolveAddress(absolute);
    const { path, suffix } = splitHref(href);
    if (bases.every((base) => normalizePath(base + path) === undefined)) return this.refuse(href);
    const found = this.findFile(path, bases);
    if (found) return { href: encodePath(found) + suffix, reachable: true };
    const wanted = this.markMissing(path, bases);
    return { href: encodePath(decodePath(wanted)) + suffix, reachable: false };
  }

  /** Counts a file that is listed but absent. Manifests list tens of thousands: those that lie where they should cost a look-up. */
  check(href: string, bases: Bases): void {
    const likely = (bases[0] ?? '') + href;
    if (this.files.has(likely) || isAbsoluteUrl(likely) || isAbsoluteUrl(href)) return;
    const { path } = splitHref(href);
    if (!this.findFile(path, bases)) this.markMissing(path, bases);
  }

  /** The package's own path of a file that a descriptor names: as written, percent-decoded, or in another case. */
  findFile(path: string, bases: Bases = packageRoot): string | undefined {
    const candidates = bases
      .map((base) => normalizePath(base + path))
      .filter((candidate) => candidate !== undefined)
      .flatMap((candidate) => [candidate, decodePath(candidate)]);
    return candidates.find((candidate) => this.files.has(candidate)) ?? this.findInOtherCase(candidates);
  }

  /** Distinct files that were asked for and are not there. */
  get missingCount(): number {
    return this.missing.size;
  }

  /** Adds what was forgiven to `warnings`, each kind in one sentence. */
  report(descriptor: string, warnings: ParserWarnings): void {
    if (this.missing.size > 0) {
      const count = this.missing.size === 1 ? '1 file' : `${this.missing.size} files`;
      warnings.add(`${count} that ${descriptor} lists cannot be found in the package: ${nameFew(this.missing)}.`);
    }
    if (this.unsafe.size > 0) {
      warnings.add(`${descriptor} names addresses that are never launched: ${nameFew(this.unsafe)}.`);
    }
    if (this.otherCase.size > 0) {
      const pairs = [...this.otherCase].map(([wanted, found]) => `${wanted} (found ${found})`);
      warnings.add(`${descriptor} writes file names in another case than the package: ${nameFew(pairs)}.`);
    }
  }

  private resolveAddress(address: string): Target | undefined {
    return isWebUrl(address) ? { href: address, reachable: true } : this.refuse(address);
  }

  private refuse(href: string): undefined {
    this.unsafe.add(href);
  }

  private markMissing(path: string, bases: Bases): string {
    const wanted = normalizePath((bases[0] ?? '') + path) ?? path;
    this.missing.add(wanted);
    return wanted;
  }

  private findInOtherCase(candidates: string[]): string | undefined {
    for (const candidate of candidates) {
      const found = this.byLowerCase.get(candidate.toLowerCase());
      if (found) this.otherCase.set(candidate, found);
      if (found) return found;
    }
    return undefined;
  }
}

/** A target with an item's parameters. */
export const withParameters = (target: Target, parameters: string | undefined): Target => ({
  ...target,
  href: appendParameters(target.href, parameters),
});
