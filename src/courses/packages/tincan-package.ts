import { internal, invalid } from '../../errors';
import { ActivityTally } from './activity-tally';
import { descriptorLimits } from './descriptor-limits';
import { distinctLanguages, filled, oneLine, shorten } from './descriptor-text';
import type { Activity, ActivityType, CoursePackage } from './package';
import type { PackageFiles } from './package-files';
import { PackageTargets } from './package-targets';
import { ParserWarnings } from './parser-warnings';
import { present } from './present';
import { parseXml, type XmlElement } from './xml';

/**
 * Reads an xAPI package by its tincan.xml, leniently. The first activity that can be launched is the course; the others that
 * authoring tools list (slides, questions, objectives) are its children.
 */
export async function readTincanPackage(files: PackageFiles, path: string): Promise<CoursePackage> {
  const warnings = new ParserWarnings();
  const root = parseXml(await files.readFile(path, descriptorLimits.bytes), { file: path, warnings });
  const targets = new PackageTargets(files);
  const tally = new ActivityTally(path);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const activities = listActivities(root, path).map((element): TincanActivity => {
    const launch = launchOf(element);
    const target = launch === undefined ? undefined : targets.resolve(launch, [folder]);
    const activity = readActivity(element, target?.href, warnings);
    tally.add(activity, target?.reachable ?? false);
    return { element, activity };
  });
  const launchHref = tally.getLaunchHref();
  targets.report(path, warnings);
  return {
    ...describeCourse(activities, launchHref),
    learningStandard: 'XAPI',
    launchHref,
    manifestPath: path,
    sequenced: false,
    parserWarnings: warnings.toList(),
  };
}

interface TincanActivity {
  element: XmlElement;
  activity: Activity;
}

function listActivities(root: XmlElement, path: string): XmlElement[] {
  const elements = root.find('activities')?.findAll('activity') ?? [];
  if (root.name.toLowerCase() === 'tincan' && elements.length > 0) return elements;
  throw invalid(`${path} describes no activity: it needs <tincan><activities><activity>.`, {
    code: 'not_a_tincan_file',
  });
}

type CourseDescription = Pick<
  CoursePackage,
  'title' | 'identifier' | 'xapiActivityId' | 'metadata' | 'languages' | 'rootActivity'
>;

/** The launched activity stands for the course, the others below it. */
function describeCourse(activities: TincanActivity[], launchHref: string): CourseDescription {
  const launched = activities.find(({ activity }) => activity.href === launchHref);
  if (!launched) throw internal('The launched activity is none of those that were read.');
  const { element, activity } = launched;
  const { title, identifier, description } = activity;
  activity.children = activities.flatMap((other) => (other === launched ? [] : [other.activity]));
  return {
    title,
    identifier,
    xapiActivityId: identifier,
    metadata: {
      title,
      keywords: [],
      ...present({
        titleLanguage: element.find('name')?.attribute('lang'),
        description,
        descriptionLanguage: element.find('description')?.attribute('lang'),
      }),
    },
    languages: listLanguages(element),
    rootActivity: activity,
  };
}

function readActivity(element: XmlElement, href: string | undefined, warnings: ParserWarnings): Activity {
  const identifier = element.attribute('id');
  if (!identifier || !/^[a-z][a-z0-9+.-]*:\S+$/i.test(identifier)) {
    const found = identifier ? `the id "${shorten(identifier, 200)}", which is no full IRI` : 'no id';
    const message = `tincan.xml, line ${element.line}: the activity has ${found}. Statements could not name it.`;
    if (!identifier) throw invalid(message, { code: 'activity_without_id' });
    warnings.add(message);
  }
  const name = element.textOf('name');
  if (!name) warnings.add(`The activity ${identifier} has no name; its id is shown.`);
  const description = filled(element.textOf('description'));
  const xapiActivityType = element.attribute('type');
  return {
    ...present({
      href,
      description: description && shorten(description, descriptorLimits.description),
      xapiActivityType,
    }),
    identifier,
    title: shorten(oneLine(name ?? identifier), descriptorLimits.title),
    type: typeOf(href, xapiActivityType),
    children: [],
  };
}

/** A package may launch another file for each language; the first is the author's. */
const launchOf = (element: XmlElement): string | undefined =>
  element
    .findAll('launch')
    .map(({ text }) => text.trim())
    .find((launch) => launch !== '');

function typeOf(href: string | undefined, xapiType: string | undefined): ActivityType {
  if (href !== undefined) return 'SCO';
  return xapiType === 'http://adlnet.gov/expapi/activities/objective' ? 'OBJECTIVE' : 'UNKNOWN';
}

const listLanguages = (element: XmlElement): string[] =>
  distinctLanguages(element.children.map((child) => child.attribute('lang')));
