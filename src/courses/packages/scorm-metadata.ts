import { isAppError } from '../../errors';
import { descriptorLimits } from './descriptor-limits';
import { isAbsoluteUrl } from './hrefs';
import { type LomMetadata, readLom } from './lom-metadata';
import type { PackageFiles } from './package-files';
import { extendBases, packageRoot, type PackageTargets } from './package-targets';
import { nameFew, type ParserWarnings } from './parser-warnings';
import { parseXml, type XmlElement } from './xml';

export interface MetadataReading {
  files: PackageFiles;
  targets: PackageTargets;
  warnings: ParserWarnings;
}

const none: LomMetadata = { course: { keywords: [] }, languages: [] };

/**
 * The course's own metadata: of the manifest, else of the organization, written in place or in a file of its own
 * (`adlcp:location`). Metadata files of items and resources are not read, but told when they are missing.
 */
export async function readScormMetadata(
  manifest: XmlElement,
  organization: XmlElement | undefined,
  reading: MetadataReading,
): Promise<LomMetadata> {
  reportMissingFiles(manifest, reading);
  for (const owner of [manifest, organization]) {
    for (const metadata of owner?.findAll('metadata') ?? []) {
      const lom = findLom(metadata) ?? (await readLocation(metadata, manifest, reading));
      if (lom) return readLom(lom);
    }
  }
  return none;
}

const findLom = (metadata: XmlElement): XmlElement | undefined => metadata.find('lom') ?? metadata.find('record');

/** Metadata describes a course but does not carry it: a file that cannot be read is a warning, never a refusal. */
async function readLocation(
  metadata: XmlElement,
  manifest: XmlElement,
  { files, targets, warnings }: MetadataReading,
): Promise<XmlElement | undefined> {
  const file = findMetadataFile(metadata.textOf('location'), manifest, targets);
  if (!file) return undefined;
  try {
    const root = parseXml(await files.readFile(file, descriptorLimits.metadataBytes), { file, warnings });
    return ['lom', 'record'].includes(root.name.toLowerCase()) ? root : findLom(root);
  } catch (error) {
    if (!isAppError(error) || (error.kind !== 'invalid' && error.kind !== 'too-large')) throw error;
    warnings.add(`The metadata file was left out: ${error.message}`);
    return undefined;
  }
}

function reportMissingFiles(manifest: XmlElement, { targets, warnings }: MetadataReading): void {
  const locations = [...manifest.walk()].filter(({ name }) => name === 'metadata').map((one) => one.textOf('location'));
  const missing = new Set<string>();
  for (const location of locations) {
    if (!location || isAbsoluteUrl(location)) continue;
    if (!findMetadataFile(location, manifest, targets)) missing.add(location);
  }
  if (missing.size > 0)
    warnings.add(`Metadata files that the manifest names are not in the package: ${nameFew(missing)}.`);
}

function findMetadataFile(
  location: string | undefined,
  manifest: XmlElement,
  targets: PackageTargets,
): string | undefined {
  if (!location || isAbsoluteUrl(location)) return undefined;
  return (
    targets.findFile(location, extendBases(packageRoot, manifest.attribute('base'))) ??
    targets.findFile(location, packageRoot)
  );
}
