import type { ResourceCounts } from './package';
import { type Bases, extendBases, packageRoot, type PackageTargets, type Target } from './package-targets';
import { nameFew, type ParserWarnings } from './parser-warnings';
import type { XmlElement } from './xml';

/** A `<resource>` of a manifest or of one inside it. */
export interface ScormResource {
  identifier: string;
  type: 'SCO' | 'ASSET';
  /** Absent for a mere collection of files, and where the href is none to follow. */
  target?: Target;
}

export interface ScormResources {
  byIdentifier: ReadonlyMap<string, ScormResource>;
  counts: Omit<ResourceCounts, 'missingFiles'>;
}

/** All resources, those of sub-manifests included, with the `xml:base` of everything around them (CAM, "Using xml:base"). */
export function readScormResources(
  manifest: XmlElement,
  targets: PackageTargets,
  warnings: ParserWarnings,
): ScormResources {
  const byIdentifier = new Map<string, ScormResource>();
  const repeated = new Set<string>();
  const untyped = new Set<string>();
  let total = 0;
  let scos = 0;
  for (const { element, bases } of listResources(manifest, packageRoot)) {
    const resource = readResource(element, bases, targets);
    total += 1;
    if (resource.type === 'SCO') scos += 1;
    if (resource.target && !element.attribute('scormtype')) untyped.add(resource.identifier);
    if (byIdentifier.has(resource.identifier)) repeated.add(resource.identifier);
    else byIdentifier.set(resource.identifier, resource);
  }
  if (repeated.size > 0) {
    warnings.add(`Several resources share an identifier; the first of each is used: ${nameFew(repeated)}.`);
  }
  if (untyped.size > 0) {
    warnings.add(`Resources without adlcp:scormtype are read as assets, which are not tracked: ${nameFew(untyped)}.`);
  }
  return { byIdentifier, counts: { total, scos } };
}

function* listResources(manifest: XmlElement, outer: Bases): Generator<{ element: XmlElement; bases: Bases }> {
  const inner = extendBases(outer, manifest.attribute('base'));
  for (const resources of manifest.findAll('resources')) {
    const bases = extendBases(inner, resources.attribute('base'));
    for (const element of resources.findAll('resource')) {
      yield { element, bases: extendBases(bases, element.attribute('base')) };
    }
  }
  for (const nested of manifest.findAll('manifest')) yield* listResources(nested, inner);
}

function readResource(element: XmlElement, bases: Bases, targets: PackageTargets): ScormResource {
  for (const file of element.findAll('file')) {
    const href = file.attribute('href');
    if (href) targets.check(href, bases);
  }
  const href = element.attribute('href');
  const target = href === undefined ? undefined : targets.resolve(href, bases);
  return {
    identifier: element.attribute('identifier') ?? '',
    // scormtype in 1.2, scormType in 2004; without it CAM says asset.
    type: element.attribute('scormtype')?.toLowerCase() === 'sco' ? 'SCO' : 'ASSET',
    ...(target && { target }),
  };
}
