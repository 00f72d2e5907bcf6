import { invalid } from '../../errors';
import { ActivityTally } from './activity-tally';
import { checkCmi5Structure, cmi5Refusal, withoutExtensions } from './cmi5-schema';
import { type Cmi5Location, resolveCmi5Url } from './cmi5-urls';
import { descriptorLimits } from './descriptor-limits';
import { distinctLanguages, filled, oneLine, shorten } from './descriptor-text';
import type { Activity, ActivityObjective, CoursePackage } from './package';
import type { PackageFiles } from './package-files';
import { present } from './present';
import { indexBy, parseXml, type XmlElement } from './xml';

const descriptor = 'cmi5.xml';

/** Reads a cmi5 package by its cmi5.xml, strictly (cmi5 13, 14.1): the first thing that is wrong refuses it. */
export async function readCmi5Package(files: PackageFiles, path: string): Promise<CoursePackage> {
  return readCourse(await files.readFile(path, descriptorLimits.bytes), { files, path });
}

/** Reads a cmi5.xml that comes without a zip: every URL must be a full one (cmi5 14.2). */
export async function readBareCmi5(xml: Buffer): Promise<CoursePackage> {
  if (xml.length > descriptorLimits.bytes) {
    const message = `cmi5.xml is larger than ${descriptorLimits.bytes / 1024 / 1024} MiB.`;
    throw invalid(message, { code: 'descriptor_too_large' });
  }
  return readCourse(xml, {});
}

function readCourse(bytes: Buffer, location: Cmi5Location): CoursePackage {
  const document = parseXml(bytes, { file: descriptor });
  checkCmi5Structure(document);
  const root = withoutExtensions(document);
  checkIdentifiers(root);
  const course = getChild(root, 'course');
  const tally = new ActivityTally(descriptor);
  const rootActivity: Activity = { ...describe(course), type: 'AGGREGATION', children: [] };
  tally.add(rootActivity, false);
  rootActivity.children = new Cmi5Units(location, tally, indexObjectives(root)).read(root);
  const titleLanguage = languageOf(course.find('title'));
  const descriptionLanguage = languageOf(course.find('description'));
  return {
    learningStandard: 'CMI5',
    title: rootActivity.title,
    identifier: rootActivity.identifier,
    xapiActivityId: rootActivity.identifier,
    metadata: present({
      title: rootActivity.title,
      titleLanguage,
      description: rootActivity.description,
      descriptionLanguage,
      keywords: [],
    }),
    languages: listLanguages(root),
    launchHref: tally.getLaunchHref(),
    ...present({ manifestPath: location.path }),
    rootActivity,
    sequenced: false,
    parserWarnings: [],
  };
}

/** Blocks and assignable units, to any depth. */
class Cmi5Units {
  constructor(
    private readonly location: Cmi5Location,
    private readonly tally: ActivityTally,
    private readonly objectives: ReadonlyMap<string, XmlElement>,
  ) {}

  read(parent: XmlElement): Activity[] {
    return parent.children
      .filter(({ name }) => name === 'au' || name === 'block')
      .map((child) => (child.name === 'au' ? this.readUnit(child) : this.readBlock(child)));
  }

  private readBlock(block: XmlElement): Activity {
    const objectives = this.readObjectives(block);
    const activity: Activity = { ...describe(block), ...present({ objectives }), type: 'AGGREGATION', children: [] };
    this.tally.add(activity, false);
    activity.children = this.read(block);
    return activity;
  }

  private readUnit(au: XmlElement): Activity {
    const masteryScore = au.attribute('masteryScore');
    const launchData = filled(getText(au, 'launchParameters'));
    const type = au.attribute('activityType');
    if (type) checkIri(au, 'activityType', type);
    const activity: Activity = {
      ...describe(au),
      ...present({
        scaledPassingScore: masteryScore === undefined ? undefined : Math.abs(Number(masteryScore)),
        launchData: launchData && shorten(launchData, descriptorLimits.launchData),
        entitlementKey: filled(getText(au, 'entitlementKey')),
        xapiActivityType: type,
        objectives: this.readObjectives(au),
      }),
      type: 'SCO',
      href: resolveCmi5Url(getChild(au, 'url'), this.location),
      // The defaults of the schema (cmi5 13.1.4).
      moveOn: au.attribute('moveOn') ?? 'NotApplicable',
      launchMethod: au.attribute('launchMethod') ?? 'AnyWindow',
      children: [],
    };
    this.tally.add(activity, true);
    return activity;
  }

  private readObjectives(owner: XmlElement): ActivityObjective[] | undefined {
    return owner
      .find('objectives')
      ?.findAll('objective')
      .map((reference) => {
        const identifier = reference.attribute('idref') ?? '';
        const objective = this.objectives.get(identifier);
        if (objective) return { identifier, title: describe(objective).title };
        throw cmi5Refusal(
          reference,
          'cmi5_unknown_objective',
          `the course has no objective ${shorten(identifier, 200)}.`,
        );
      });
  }
}

/** Every id is a full IRI (cmi5 3.0), and no other element of the course has it (cmi5 13.1). */
function checkIdentifiers(root: XmlElement): void {
  const lines = new Map<string, number>();
  for (const element of root.walk()) {
    const id = element.attribute('id');
    if (id === undefined) continue;
    checkIri(element, 'id', id);
    const first = lines.get(id);
    if (first !== undefined) {
      const reason = `the id ${shorten(id, 200)} of <${element.name}> is used at line ${first} already. Each needs its own.`;
      throw cmi5Refusal(element, 'cmi5_duplicate_id', reason);
    }
    lines.set(id, element.line);
  }
}

function checkIri(element: XmlElement, attribute: string, value: string): void {
  if (/^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(value)) return;
  const reason = `${attribute} of <${element.name}> is "${shorten(value, 200)}", which is no full IRI (https://…).`;
  throw cmi5Refusal(element, 'cmi5_invalid_iri', reason);
}

const indexObjectives = (root: XmlElement): Map<string, XmlElement> =>
  indexBy(root.find('objectives')?.findAll('objective') ?? [], 'id');

/** Id, title and description: the first language string, which is the author's own language. */
function describe(element: XmlElement): Pick<Activity, 'identifier' | 'title' | 'description'> {
  const identifier = element.attribute('id') ?? '';
  const title = filled(firstString(element.find('title'))?.text) ?? identifier;
  const description = filled(firstString(element.find('description'))?.text);
  return {
    identifier,
    title: shorten(oneLine(title), descriptorLimits.title),
    ...(description && { description: shorten(oneLine(description), descriptorLimits.description) }),
  };
}

const firstString = (element: XmlElement | undefined): XmlElement | undefined => element?.find('langstring');

const languageOf = (element: XmlElement | undefined): string | undefined => firstString(element)?.attribute('lang');

const listLanguages = (root: XmlElement): string[] => {
  const strings = [...root.walk()].filter(({ name }) => name === 'langstring');
  return distinctLanguages(strings.map((string) => string.attribute('lang')));
};

const getText = (element: XmlElement, name: string): string | undefined => element.find(name)?.text;

/** A child that the schema has made sure of. */
function getChild(element: XmlElement, name: string): XmlElement {
  const child = element.find(name);
  if (!child) throw cmi5Refusal(element, 'cmi5_structure', `<${element.name}> needs <${name}>.`);
  return child;
}
