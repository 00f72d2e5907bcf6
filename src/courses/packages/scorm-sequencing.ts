import type { Activity, ActivityObjective } from './package';
import { present } from './present';
import { indexBy, type XmlElement } from './xml';

/** The parts of an item's IMS Simple Sequencing that seed a launch. The rules themselves stay in the manifest. */
export type SequencingSeed = Pick<Activity, 'sequenced' | 'objectives' | 'scaledPassingScore' | 'maxTimeAllowed'>;

/** Sequencing that items share by `IDRef`: `<imsss:sequencingCollection>` beside the organizations. */
export type SequencingCollection = ReadonlyMap<string, XmlElement>;

export function readSequencingCollection(manifest: XmlElement): SequencingCollection {
  const shared = manifest.findAll('sequencingCollection').flatMap((collection) => collection.findAll('sequencing'));
  return indexBy(shared, 'ID');
}

/** What an item's own sequencing says, and what it refers to where it says nothing (CAM, "IDRef"). */
export function readSequencing(item: XmlElement, collection: SequencingCollection): Partial<SequencingSeed> {
  const own = item.find('sequencing');
  if (!own) return {};
  const referred = collection.get(own.attribute('IDRef') ?? '');
  const part = (name: string): XmlElement | undefined => partOf(own, name) ?? (referred && partOf(referred, name));
  const objectives = part('objectives');
  return present({
    sequenced: true,
    maxTimeAllowed: part('limitConditions')?.attribute('attemptAbsoluteDurationLimit'),
    scaledPassingScore: objectives && passingScore(objectives),
    objectives: objectives && readObjectives(objectives),
  });
}

/** `adlseq:objectives` (4th Edition) extends `imsss:objectives` under the same name. */
const partOf = (sequencing: XmlElement, name: string): XmlElement | undefined =>
  sequencing.findAll(name).find((element) => !element.namespace.includes('adlseq'));

/** The measure that satisfies the primary objective: 1 unless it says otherwise, none unless measured (SCORM 2004 RTE 4.2.20). */
function passingScore(objectives: XmlElement): number | undefined {
  const primary = objectives.find('primaryObjective');
  if (!isTrue(primary?.attribute('satisfiedByMeasure'))) return undefined;
  const measure = Number(primary?.textOf('minNormalizedMeasure') ?? 1);
  return measure >= -1 && measure <= 1 ? measure : undefined;
}

function readObjectives(objectives: XmlElement): ActivityObjective[] | undefined {
  const named = objectives.children.flatMap((element): ActivityObjective[] => {
    const identifier = element.attribute('objectiveID');
    if (!identifier) return [];
    return [element.name === 'primaryObjective' ? { identifier, primary: true } : { identifier }];
  });
  return named.length > 0 ? named : undefined;
}

export const isTrue = (value: string | undefined): boolean => value === 'true' || value === '1';
