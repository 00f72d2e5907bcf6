import type { ActivityTally } from './activity-tally';
import { descriptorLimits } from './descriptor-limits';
import { filled, oneLine, shorten } from './descriptor-text';
import type { Activity, ActivityType } from './package';
import { type Target, withParameters } from './package-targets';
import type { ParserWarnings } from './parser-warnings';
import { present } from './present';
import type { ScormResource } from './scorm-resources';
import { isTrue, readSequencing, type SequencingCollection } from './scorm-sequencing';
import type { XmlElement } from './xml';

export interface ItemReading {
  resources: ReadonlyMap<string, ScormResource>;
  /** Manifests inside the manifest, by identifier: an item may stand for a whole one (IMS CP 1.1 4.3). */
  subManifests: ReadonlyMap<string, XmlElement>;
  sequencing: SequencingCollection;
  tally: ActivityTally;
  warnings: ParserWarnings;
}

/** Turns `<item>`s into activities, down to the leaves. */
export class ScormItems {
  /** Sub-manifests around the item at hand: one that refers to itself has no end. */
  private readonly entered = new Set<XmlElement>();

  constructor(private readonly reading: ItemReading) {}

  readChildren(parent: XmlElement): Activity[] {
    return parent.findAll('item').map((item) => this.read(item));
  }

  private read(item: XmlElement): Activity {
    const identifier = this.identify(item);
    const reference = item.attribute('identifierref');
    const subManifest = this.reading.subManifests.get(reference ?? '');
    const resource = reference === undefined ? undefined : this.reading.resources.get(reference);
    const title = this.titleOf(item, identifier);
    if (reference && !resource && !subManifest) {
      this.reading.warnings.add(
        `The item "${title}" refers to the resource ${reference}, which the manifest does not have.`,
      );
    }
    const target = resource?.target && withParameters(resource.target, item.attribute('parameters'));
    const activity: Activity = {
      ...describeActivity(item, this.reading.sequencing),
      ...present({ identifier, resourceIdentifier: resource?.identifier, href: target?.href }),
      title,
      type: typeOf(reference, resource, subManifest),
      children: [],
    };
    this.account(activity, target, resource);
    activity.children = [...this.readChildren(item), ...this.graft(subManifest)];
    return activity;
  }

  private account(activity: Activity, target: Target | undefined, resource: ScormResource | undefined): void {
    this.reading.tally.add(activity, target?.reachable ?? false);
    if (resource && !target) {
      this.reading.warnings.add(
        `The item "${activity.title}" cannot be launched: its resource has no href that can be followed.`,
      );
    } else if (target && !target.reachable) {
      this.reading.warnings.add(
        `The item "${activity.title}" cannot be launched: ${target.href} is no file of the package.`,
      );
    }
  }

  private identify(item: XmlElement): string {
    const identifier = item.attribute('identifier');
    if (identifier) return identifier;
    const made = `item-line-${item.line}`;
    this.reading.warnings.add(`The item at line ${item.line} has no identifier; it was called ${made}.`);
    return made;
  }

  private titleOf(item: XmlElement, identifier: string): string {
    const title = item.textOf('title');
    if (title) return shorten(oneLine(title), descriptorLimits.title);
    this.reading.warnings.add(`The item ${identifier} has no title; its identifier is shown.`);
    return shorten(identifier, descriptorLimits.title);
  }

  /** A sub-manifest's organization takes the place of the item that names it. */
  private graft(subManifest: XmlElement | undefined): Activity[] {
    if (!subManifest || this.entered.has(subManifest)) return [];
    this.entered.add(subManifest);
    const organization = chooseOrganization(subManifest, this.reading.warnings);
    const activities = organization ? this.readChildren(organization) : [];
    this.entered.delete(subManifest);
    return activities;
  }
}

/** What an `<item>` or `<organization>` says of itself besides its title and its launch. */
export function describeActivity(item: XmlElement, sequencing: SequencingCollection): Partial<Activity> {
  const launchData = item.textOf('datafromlms');
  const visible = item.attribute('isvisible');
  const hiddenControls = item.find('presentation')?.find('navigationInterface')?.findAll('hideLMSUI') ?? [];
  return present({
    prerequisites: item.textOf('prerequisites'),
    masteryScore: item.textOf('masteryscore'),
    maxTimeAllowed: item.textOf('maxtimeallowed'),
    timeLimitAction: item.textOf('timelimitaction'),
    launchData: launchData && shorten(launchData, descriptorLimits.launchData),
    completionThreshold: readCompletionThreshold(item.find('completionThreshold')),
    parameters: item.attribute('parameters'),
    hidden: visible === 'false' || visible === '0' ? true : undefined,
    hiddenControls: hiddenControls.length > 0 ? hiddenControls.map(({ text }) => text.trim()) : undefined,
    ...readSequencing(item, sequencing),
  });
}

/** The organization to take: the default one, else the first. */
export function chooseOrganization(manifest: XmlElement, warnings: ParserWarnings): XmlElement | undefined {
  const organizations = manifest.find('organizations');
  const all = organizations?.findAll('organization') ?? [];
  const wanted = filled(organizations?.attribute('default'));
  const chosen = all.find((organization) => organization.attribute('identifier') === wanted);
  if (wanted && chosen) return chosen;
  const first = all[0];
  const name = first?.attribute('identifier') ?? 'the first';
  if (first && wanted) {
    warnings.add(`The manifest's default organization ${wanted} does not exist; ${name} was taken.`);
  } else if (all.length > 1) {
    warnings.add(
      `The manifest does not say which of its ${all.length} organizations is the default; ${name} was taken.`,
    );
  }
  return first;
}

function typeOf(
  reference: string | undefined,
  resource: ScormResource | undefined,
  subManifest: XmlElement | undefined,
): ActivityType {
  if (resource) return resource.type;
  return reference && !subManifest ? 'UNKNOWN' : 'AGGREGATION';
}

/** 3rd Edition: the element's text. 4th: `minProgressMeasure`, 1 by default, counts if `completedByMeasure` (CAM). */
function readCompletionThreshold(element: XmlElement | undefined): number | undefined {
  if (!element) return undefined;
  const text = filled(element.text);
  const byMeasure = isTrue(element.attribute('completedByMeasure'));
  const measure = text ?? (byMeasure ? (element.attribute('minProgressMeasure') ?? '1') : undefined);
  const threshold = Number(measure);
  return threshold >= 0 && threshold <= 1 ? threshold : undefined;
}
