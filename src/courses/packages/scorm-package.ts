import { invalid } from '../../errors';
import { ActivityTally } from './activity-tally';
import { descriptorLimits } from './descriptor-limits';
import { distinctLanguages, oneLine, shorten } from './descriptor-text';
import type { LomMetadata } from './lom-metadata';
import type { Activity, CoursePackage } from './package';
import type { PackageFiles } from './package-files';
import { PackageTargets } from './package-targets';
import { nameFew, ParserWarnings } from './parser-warnings';
import { chooseOrganization, describeActivity, ScormItems } from './scorm-items';
import { readScormMetadata } from './scorm-metadata';
import { readScormResources, type ScormResource } from './scorm-resources';
import { readSequencingCollection, type SequencingCollection } from './scorm-sequencing';
import { detectScormStandard } from './scorm-standard';
import { indexBy, parseXml, type XmlElement } from './xml';

/**
 * Reads a SCORM package by its imsmanifest.xml, any version, as leniently as it can be launched: what is forgiven is told in
 * `parserWarnings`; what has nothing to launch is refused.
 */
export async function readScormPackage(files: PackageFiles, manifestPath: string): Promise<CoursePackage> {
  const warnings = new ParserWarnings();
  const manifest = parseXml(await files.readFile(manifestPath, descriptorLimits.bytes), {
    file: manifestPath,
    warnings,
  });
  checkRoot(manifest, manifestPath);
  const learningStandard = detectScormStandard(manifest, manifestPath, warnings);
  const targets = new PackageTargets(files);
  const tally = new ActivityTally(manifestPath);
  const resources = readScormResources(manifest, targets, warnings);
  const sequencing = readSequencingCollection(manifest);
  const organization = chooseOrganization(manifest, warnings);
  const lom = await readScormMetadata(manifest, organization, { files, targets, warnings });
  const identifier = manifest.attribute('identifier') ?? organization?.attribute('identifier') ?? manifestPath;

  const rootActivity = readRoot(organization, sequencing, { identifier, lom, warnings });
  tally.add(rootActivity, false);
  const items = new ScormItems({
    resources: resources.byIdentifier,
    subManifests: indexSubManifests(manifest),
    sequencing,
    tally,
    warnings,
  });
  rootActivity.children = organization
    ? items.readChildren(organization)
    : listLaunchableResources(resources.byIdentifier, tally, warnings);
  const launchHref = tally.getLaunchHref();
  reportRepeats(tally, warnings);
  targets.report(manifestPath, warnings);

  return {
    learningStandard,
    title: rootActivity.title,
    identifier,
    metadata: { title: rootActivity.title, ...lom.course },
    languages: listLanguages(manifest, lom),
    launchHref,
    manifestPath,
    resources: { ...resources.counts, missingFiles: targets.missingCount },
    rootActivity,
    sequenced: [...walkActivities(rootActivity)].some(({ sequenced }) => sequenced === true),
    parserWarnings: warnings.toList(),
  };
}

function checkRoot(manifest: XmlElement, file: string): void {
  if (manifest.name.toLowerCase() === 'manifest') return;
  const message = `${file} is no SCORM manifest: its first element is <${shorten(manifest.name, 50)}>, not <manifest>.`;
  throw invalid(message, { code: 'not_a_manifest' });
}

interface RootReading {
  identifier: string;
  lom: LomMetadata;
  warnings: ParserWarnings;
}

/** The course itself: titled by its organization, else by its metadata, else by its identifier. */
function readRoot(
  organization: XmlElement | undefined,
  sequencing: SequencingCollection,
  { identifier, lom, warnings }: RootReading,
): Activity {
  const written = organization?.textOf('title');
  if (!written) {
    const source = lom.course.title ? 'metadata' : 'identifier';
    warnings.add(`The manifest's organization has no title; the course is called by its ${source}.`);
  }
  return {
    ...(organization && describeActivity(organization, sequencing)),
    identifier: organization?.attribute('identifier') ?? identifier,
    title: shorten(oneLine(written ?? lom.course.title ?? identifier), descriptorLimits.title),
    type: 'AGGREGATION',
    children: [],
  };
}

/** Without an organization (a "resource package", CAM) a course is still what can be opened: the SCOs, else the assets. */
function listLaunchableResources(
  resources: ReadonlyMap<string, ScormResource>,
  tally: ActivityTally,
  warnings: ParserWarnings,
): Activity[] {
  const withTarget = [...resources.values()].filter(({ target }) => target !== undefined);
  const scos = withTarget.filter(({ type }) => type === 'SCO');
  warnings.add('The manifest has no organization; its resources are the activities.');
  return (scos.length > 0 ? scos : withTarget).map(({ identifier, type, target }) => {
    const href = target?.href ?? '';
    const activity: Activity = {
      identifier,
      resourceIdentifier: identifier,
      title: identifier,
      type,
      href,
      children: [],
    };
    tally.add(activity, target?.reachable ?? false);
    return activity;
  });
}

function indexSubManifests(manifest: XmlElement): Map<string, XmlElement> {
  const nested = [...manifest.walk()].filter((element) => element !== manifest && element.name === 'manifest');
  return indexBy(nested, 'identifier');
}

function reportRepeats(tally: ActivityTally, warnings: ParserWarnings): void {
  const repeated = tally.repeatedIdentifiers;
  if (repeated.size === 0) return;
  warnings.add(`Several items share an identifier and will be tracked as one: ${nameFew(repeated)}.`);
}

const listLanguages = (manifest: XmlElement, lom: LomMetadata): string[] =>
  distinctLanguages([manifest.attribute('lang'), ...lom.languages]);

function* walkActivities(activity: Activity): Generator<Activity> {
  yield activity;
  for (const child of activity.children) yield* walkActivities(child);
}
