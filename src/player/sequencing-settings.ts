import { buffer } from 'node:stream/consumers';
import type { Activity } from '../courses/packages/package';
import { openCourseFile } from '../courses/open-course-file';
import { descriptorLimits } from '../courses/packages/descriptor-limits';
import { ParserWarnings } from '../courses/packages/parser-warnings';
import { present } from '../courses/packages/present';
import { chooseOrganization } from '../courses/packages/scorm-items';
import { isTrue, readSequencingCollection, type SequencingCollection } from '../courses/packages/scorm-sequencing';
import { indexBy, parseXml, type XmlElement } from '../courses/packages/xml';
import type { Resources } from '../resources';
import type { Session } from './sessions';

/*
 * IMS Simple Sequencing of a manifest (SCORM 2004 CAM 5, 3rd and 4th edition) as scorm-again's settings: an activity tree with
 * its rules. Names of conditions and actions are the manifest's own; defaults are the schema's.
 */

/** An activity in scorm-again's settings (ActivitySettings). */
interface SequencedActivity {
  id: string;
  title: string;
  children?: SequencedActivity[];
  [setting: string]: unknown;
}

/** Sequencing of a SCORM 2004 version, out of its manifest. Without rules of its own a course is gone through in any order. */
export async function readSequencing(
  { version, registration }: Pick<Session, 'version' | 'registration'>,
  resources: Pick<Resources, 'db' | 'content'>,
): Promise<{ activityTree: SequencedActivity }> {
  const { rootActivity, manifestPath, sequenced } = version.structure;
  if (!sequenced || manifestPath === undefined) return { activityTree: plainTree(rootActivity) };
  const { body, size } = await openCourseFile(version, manifestPath, resources, registration.revision);
  if (size > descriptorLimits.bytes) {
    body.destroy(); // An asset has taken the place of the manifest that was imported.
    return { activityTree: plainTree(rootActivity) };
  }
  const warnings = new ParserWarnings();
  const manifest = parseXml(await buffer(body), { file: manifestPath, warnings });
  return { activityTree: sequencedTree(rootActivity, manifest) };
}

/** One can go back and on, and choose. */
const plainTree = (root: Activity): SequencedActivity => {
  const toNode = ({ identifier, title, hidden, children }: Activity): SequencedActivity => ({
    id: identifier,
    title,
    isVisible: !hidden,
    sequencingControls: { choice: true, flow: true },
    ...(children.length > 0 && { children: children.map(toNode) }),
  });
  return toNode(root);
};

/** The tree as the import found it, with what the manifest says of each item's sequencing. */
export function sequencedTree(root: Activity, manifest: XmlElement): SequencedActivity {
  const items = indexBy(
    [...manifest.walk()].filter(({ name }) => name === 'item'),
    'identifier',
  );
  const collection = readSequencingCollection(manifest);
  const organization = chooseOrganization(manifest, new ParserWarnings());
  const toNode = (activity: Activity, element: XmlElement | undefined): SequencedActivity => ({
    id: activity.identifier,
    title: activity.title,
    isVisible: !activity.hidden,
    ...(element && sequencingOf(element, collection)),
    ...(activity.children.length > 0 && {
      children: activity.children.map((child) => toNode(child, items.get(child.identifier))),
    }),
  });
  return toNode(root, organization);
}

/** Parts of an item's sequencing by name: its own, else those of the shared one that it refers to (CAM 5.1.1). */
class Sequencing {
  private readonly own: XmlElement | undefined;
  private readonly shared: XmlElement | undefined;

  constructor(item: XmlElement, collection: SequencingCollection) {
    this.own = item.find('sequencing');
    this.shared = collection.get(this.own?.attribute('IDRef') ?? '');
  }

  /** `adlseq` extends IMS's objectives under the same name. */
  part(name: string, isAdl = false): XmlElement | undefined {
    const partIn = (element: XmlElement | undefined): XmlElement | undefined =>
      element?.findAll(name).find(({ namespace }) => namespace.includes('adlseq') === isAdl);
    return partIn(this.own) ?? partIn(this.shared);
  }
}

function sequencingOf(item: XmlElement, collection: SequencingCollection): object {
  const sequencing = new Sequencing(item, collection);
  const limits = sequencing.part('limitConditions');
  return present({
    sequencingControls: controlsOf(sequencing),
    sequencingRules: rulesOf(sequencing.part('sequencingRules')),
    rollupRules: rollupRulesOf(sequencing.part('rollupRules')),
    rollupConsiderations: considerationsOf(sequencing.part('rollupConsiderations', true)),
    ...objectivesOf(sequencing.part('objectives'), sequencing.part('objectives', true)),
    attemptLimit: numberOf(limits, 'attemptLimit'),
    attemptAbsoluteDurationLimit: limits?.attribute('attemptAbsoluteDurationLimit'),
    deliveryControls: booleansOf(sequencing.part('deliveryControls'), [
      'tracked',
      'completionSetByContent',
      'objectiveSetByContent',
    ]),
    completionThreshold: thresholdOf(item.find('completionThreshold')),
    hideLmsUi: item
      .find('presentation')
      ?.find('navigationInterface')
      ?.findAll('hideLMSUI')
      .map(({ text }) => text.trim()),
    sharedDataMaps: item
      .find('data')
      ?.findAll('map')
      .map((map) => ({
        targetID: map.attribute('targetID') ?? '',
        ...booleansOf(map, ['readSharedData', 'writeSharedData']),
      })),
  });
}

function controlsOf(sequencing: Sequencing): object {
  const random = sequencing.part('randomizationControls');
  const choices = sequencing.part('constrainedChoiceConsiderations', true);
  const rollup = sequencing.part('rollupRules');
  return present({
    ...booleansOf(sequencing.part('controlMode'), [
      'choice',
      'choiceExit',
      'flow',
      'forwardOnly',
      'useCurrentAttemptObjectiveInfo',
      'useCurrentAttemptProgressInfo',
    ]),
    ...booleansOf(choices, ['preventActivation', 'constrainChoice']),
    ...booleansOf(rollup, ['rollupObjectiveSatisfied', 'rollupProgressCompletion']),
    objectiveMeasureWeight: numberOf(rollup, 'objectiveMeasureWeight'),
    selectionTiming: random?.attribute('selectionTiming'),
    selectCount: numberOf(random, 'selectCount'),
    randomizationTiming: random?.attribute('randomizationTiming'),
    randomizeChildren: random && isTrue(random.attribute('reorderChildren')),
    reorderChildren: random && isTrue(random.attribute('reorderChildren')),
  });
}

const ruleKinds = {
  preConditionRules: 'preConditionRule',
  exitConditionRules: 'exitConditionRule',
  postConditionRules: 'postConditionRule',
} as const;

const rulesOf = (rules: XmlElement | undefined): object | undefined =>
  rules && Object.fromEntries(Object.entries(ruleKinds).map(([kind, name]) => [kind, rules.findAll(name).map(ruleOf)]));

const ruleOf = (rule: XmlElement): object => {
  const conditions = rule.find('ruleConditions');
  return {
    action: rule.find('ruleAction')?.attribute('action') ?? '',
    conditionCombination: conditions?.attribute('conditionCombination') ?? 'all',
    conditions: (conditions?.findAll('ruleCondition') ?? []).map((condition) =>
      present({
        condition: condition.attribute('condition') ?? '',
        operator: condition.attribute('operator') === 'not' ? 'not' : undefined,
        referencedObjective: condition.attribute('referencedObjective'),
        parameters: thresholdParameter(condition),
      }),
    ),
  };
};

const thresholdParameter = (condition: XmlElement): object | undefined => {
  const threshold = numberOf(condition, 'measureThreshold');
  return threshold === undefined ? undefined : { threshold };
};

const rollupRulesOf = (rules: XmlElement | undefined): object | undefined =>
  rules && {
    rules: rules.findAll('rollupRule').map((rule) => {
      const conditions = rule.find('rollupConditions');
      return present({
        action: rule.find('rollupAction')?.attribute('action') ?? '',
        consideration: rule.attribute('childActivitySet') ?? 'all',
        minimumCount: numberOf(rule, 'minimumCount'),
        // The manifest's is a part of 1.
        minimumPercent: percentOf(rule),
        conditionCombination: conditions?.attribute('conditionCombination') ?? 'any',
        conditions: (conditions?.findAll('rollupCondition') ?? []).map((condition) =>
          present({
            condition: condition.attribute('condition') ?? '',
            operator: condition.attribute('operator') === 'not' ? 'not' : undefined,
          }),
        ),
      });
    }),
  };

function percentOf(rule: XmlElement): number | undefined {
  const part = numberOf(rule, 'minimumPercent');
  return part === undefined ? undefined : part * 100;
}

const considerationNames = [
  'requiredForSatisfied',
  'requiredForNotSatisfied',
  'requiredForCompleted',
  'requiredForIncomplete',
] as const;

const considerationsOf = (element: XmlElement | undefined): object | undefined =>
  element &&
  present({
    ...Object.fromEntries(considerationNames.map((name) => [name, element.attribute(name)])),
    ...booleansOf(element, ['measureSatisfactionIfActive']),
  });

const readAndWrite = (what: string): string[] => [`read${what}`, `write${what}`];
const mapFlags = ['SatisfiedStatus', 'NormalizedMeasure', 'CompletionStatus', 'ProgressMeasure'].flatMap(readAndWrite);
const scoreFlags = ['RawScore', 'MinScore', 'MaxScore'].flatMap(readAndWrite);

/** Objectives with what they share with others: IMS's maps, and those that ADL's extension adds to the same objectives. */
function objectivesOf(own: XmlElement | undefined, adl: XmlElement | undefined): object {
  if (!own) return {};
  const added = indexBy(adl?.findAll('objective') ?? [], 'objectiveID');
  const toObjective = (element: XmlElement): object => {
    const id = element.attribute('objectiveID') ?? '';
    const more = added.get(id);
    return present({
      objectiveID: id,
      isPrimary: element.name === 'primaryObjective',
      satisfiedByMeasure: isTrue(element.attribute('satisfiedByMeasure')),
      minNormalizedMeasure: Number(element.textOf('minNormalizedMeasure') ?? 1),
      mapInfo: mapsOf([...element.findAll('mapInfo'), ...(more?.findAll('mapInfo') ?? [])]),
    });
  };
  const primary = own.find('primaryObjective');
  return {
    ...(primary && { primaryObjective: toObjective(primary) }),
    objectives: own.findAll('objective').map(toObjective),
  };
}

/** Of two maps to one global objective each says what the other does not. */
function mapsOf(elements: readonly XmlElement[]): object[] {
  const byTarget = new Map<string, object>();
  for (const element of elements) {
    const targetObjectiveID = element.attribute('targetObjectiveID') ?? '';
    const flags = booleansOf(element, [...mapFlags, ...scoreFlags]);
    byTarget.set(targetObjectiveID, { ...byTarget.get(targetObjectiveID), ...flags, targetObjectiveID });
  }
  return [...byTarget.values()];
}

/** 4th Edition attributes, or a 3rd Edition's text (CAM 4.2.1, `adlcp:completionThreshold`). */
function thresholdOf(element: XmlElement | undefined): object | undefined {
  if (!element) return undefined;
  const text = element.text.trim();
  return present({
    completedByMeasure: text !== '' || isTrue(element.attribute('completedByMeasure')),
    minProgressMeasure: text === '' ? numberOf(element, 'minProgressMeasure') : Number(text),
    progressWeight: numberOf(element, 'progressWeight'),
  });
}

function numberOf(element: XmlElement | undefined, name: string): number | undefined {
  const value = Number(element?.attribute(name) ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** The flags that an element states: the others keep their default. */
const booleansOf = (element: XmlElement | undefined, names: readonly string[]): Record<string, boolean> =>
  Object.fromEntries(
    names.flatMap((name): [string, boolean][] => {
      const value = element?.attribute(name);
      return value === undefined ? [] : [[name, isTrue(value)]];
    }),
  );
