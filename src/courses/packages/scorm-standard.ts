import type { LearningStandard } from './package';
import type { ParserWarnings } from './parser-warnings';
import type { XmlElement } from './xml';

/** What manifests write in `<schemaversion>` (CAM: "1.2", "CAM 1.3", "2004 3rd Edition"), and its usual variations. */
const schemaVersions: readonly [RegExp, LearningStandard][] = [
  [/^(scorm )?1\.2(\.\d+)?$/, 'SCORM12'],
  [/^(scorm )?2004 4th( edition)?$/, 'SCORM20044THEDITION'],
  [/^(scorm )?2004 3rd( edition)?$/, 'SCORM20043RDEDITION'],
  [/^((scorm )?2004 2nd( edition)?|(cam )?1\.3(\.\d+)?)$/, 'SCORM20042NDEDITION'],
];

/**
 * The SCORM version of a manifest: what `<schemaversion>` says, else what its namespaces and elements show, with a warning where
 * that is a guess. Generic IMS packages write "1.1.3" of IMS Content Packaging there, so "1.1" is SCORM 1.1 only without the
 * namespaces of a later SCORM.
 */
export function detectScormStandard(manifest: XmlElement, file: string, warnings: ParserWarnings): LearningStandard {
  const written = manifest.find('metadata')?.textOf('schemaversion');
  const version = written?.toLowerCase().replace(/\s+/g, ' ');
  const named = schemaVersions.find(([pattern]) => version !== undefined && pattern.test(version))?.[1];
  if (named) return named;
  const shown = shownStandard(manifest);
  if (version && /^(scorm )?1\.1(\.\d+)?$/.test(version) && (!shown || shown === 'SCORM11')) return 'SCORM11';
  const standard = shown ?? 'SCORM12';
  const reason = written ? `has the unknown schemaversion "${written}"` : 'has no schemaversion';
  warnings.add(`${file} ${reason}: it was read as ${standardNames[standard]}.`);
  return standard;
}

const standardNames: Partial<Record<LearningStandard, string>> = {
  SCORM11: 'SCORM 1.1',
  SCORM12: 'SCORM 1.2',
  SCORM20042NDEDITION: 'SCORM 2004 2nd Edition',
  SCORM20043RDEDITION: 'SCORM 2004 3rd Edition',
  SCORM20044THEDITION: 'SCORM 2004 4th Edition',
};

function shownStandard(manifest: XmlElement): LearningStandard | undefined {
  const elements = [...manifest.walk()];
  const namespaces = new Set(elements.flatMap((element) => element.namespaces()));
  const uses = (part: string) => [...namespaces].some((namespace) => namespace.toLowerCase().includes(part));
  if (uses('adlcp_v1p3') || uses('imsss')) return shownEdition(elements);
  if (uses('adlcp_rootv1p2')) return 'SCORM12';
  return uses('adlcp_rootv1p1') ? 'SCORM11' : undefined;
}

/** The editions share their namespaces. What only the 4th has shows it; without that the 3rd is by far the most published. */
function shownEdition(elements: XmlElement[]): LearningStandard {
  const fourth = elements.some(
    (element) =>
      element.attribute('progressWeight') !== undefined ||
      element.attribute('completedByMeasure') !== undefined ||
      (element.name === 'map' && element.attribute('targetID') !== undefined),
  );
  return fourth ? 'SCORM20044THEDITION' : 'SCORM20043RDEDITION';
}
