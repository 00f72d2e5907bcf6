import type { ActivityTally } from './activity-tally';
import { type AiccRecord, valueOf } from './aicc-text';
import { descriptorLimits } from './descriptor-limits';
import { oneLine, shorten } from './descriptor-text';
import type { Activity, ActivityType } from './package';
import { type PackageTargets, packageRoot, type Target, withParameters } from './package-targets';
import { nameFew, type ParserWarnings } from './parser-warnings';
import { present } from './present';

export interface AiccReading {
  tables: ReadonlyMap<string, AiccRecord[]>;
  folder: string;
  targets: PackageTargets;
  tally: ActivityTally;
  warnings: ParserWarnings;
}

/**
 * The activities of an AICC course: the units (.au), described by .des, arranged by .cst. Ids are compared without case, as the
 * files of one course often disagree in it.
 */
export class AiccTree {
  private readonly units: ReadonlyMap<string, AiccRecord>;
  private readonly descriptions: ReadonlyMap<string, AiccRecord>;
  private readonly members: ReadonlyMap<string, string[]>;
  private readonly prerequisites: ReadonlyMap<string, string>;
  private readonly objectives: ReadonlyMap<string, string[]>;
  private readonly placed = new Set<string>();

  constructor(private readonly reading: AiccReading) {
    this.units = index(this.table('au'), 'system_id');
    this.descriptions = index(this.table('des'), 'system_id');
    this.members = group(this.table('cst'), 'block', 'member');
    this.objectives = group(this.table('ort'), 'course_element', 'member');
    // The .pre file is the standard's place for them; some tools add a column to .cst.
    this.prerequisites = new Map([
      ...pairs(this.table('cst'), 'member', 'prerequisites'),
      ...pairs(this.table('pre'), 'structure_element', 'prerequisite'),
    ]);
  }

  /** The course's top level: the members of ROOT, or all units in their order where .cst has none. */
  read(): Activity[] {
    const top = this.members.get('root');
    if (!top) this.reading.warnings.add('The course structure (.cst) has no ROOT; the units are listed as they come.');
    const members = top ?? [...this.units.values()].flatMap((unit) => valueOf(unit, 'system_id') ?? []);
    const activities = members.flatMap((member) => this.place(member, []));
    const left = [...this.units.keys()].filter((id) => !this.placed.has(id));
    if (left.length > 0)
      this.reading.warnings.add(`Units that the course structure (.cst) leaves out: ${nameFew(left)}.`);
    return activities;
  }

  /** `above`: the blocks around it, which a faulty file may name again. */
  private place(identifier: string, above: string[]): Activity[] {
    const id = identifier.toLowerCase();
    const unit = this.units.get(id);
    const members = this.members.get(id);
    if (above.includes(id) || above.length >= descriptorLimits.depth) {
      this.reading.warnings.add(`The block ${identifier} contains itself; it was left out there.`);
      return [];
    }
    if (!unit && !members && !this.descriptions.has(id)) {
      this.reading.warnings.add(`The course structure (.cst) names ${identifier}, which no other file describes.`);
    }
    this.placed.add(id);
    const target = unit && this.resolve(unit, identifier);
    const activity = this.describe(identifier, unit, target);
    this.reading.tally.add(activity, target?.reachable ?? false);
    activity.children = (members ?? []).flatMap((member) => this.place(member, [...above, id]));
    return [activity];
  }

  private describe(identifier: string, unit: AiccRecord | undefined, target: Target | undefined): Activity {
    const id = identifier.toLowerCase();
    const described = this.descriptions.get(id);
    const description = valueOf(described, 'description');
    const objectives = this.objectives.get(id)?.map((objective) => this.describeObjective(objective));
    return {
      ...present({
        description: description && shorten(description, descriptorLimits.description),
        href: target?.href,
        masteryScore: valueOf(unit, 'mastery_score'),
        maxTimeAllowed: valueOf(unit, 'max_time_allowed'),
        timeLimitAction: valueOf(unit, 'time_limit_action'),
        launchData: valueOf(unit, 'core_vendor'),
        parameters: valueOf(unit, 'web_launch'),
        prerequisites: this.prerequisites.get(id),
        objectives,
      }),
      identifier,
      title: this.titleOf(identifier, described),
      type: this.typeOf(id, unit),
      children: [],
    };
  }

  private titleOf(identifier: string, described: AiccRecord | undefined): string {
    const title = valueOf(described, 'title');
    if (!title) this.reading.warnings.add(`${identifier} has no title in the .des file; its id is shown.`);
    return shorten(oneLine(title ?? identifier), descriptorLimits.title);
  }

  /** A unit launches; a `J…` is an objective (CMI001 6.4); the rest are blocks. */
  private typeOf(id: string, unit: AiccRecord | undefined): ActivityType {
    if (unit) return 'SCO';
    return id.startsWith('j') && !this.members.has(id) ? 'OBJECTIVE' : 'AGGREGATION';
  }

  private describeObjective(identifier: string): { identifier: string; title?: string } {
    const title = valueOf(this.descriptions.get(identifier.toLowerCase()), 'title');
    return { identifier, ...(title && { title: shorten(oneLine(title), descriptorLimits.title) }) };
  }

  private resolve(unit: AiccRecord, identifier: string): Target | undefined {
    const fileName = valueOf(unit, 'file_name') ?? valueOf(unit, 'command_line');
    if (!fileName) {
      this.reading.warnings.add(`The unit ${identifier} cannot be launched: it has no file_name.`);
      return undefined;
    }
    const target = this.reading.targets.resolve(fileName, [this.reading.folder, ...packageRoot]);
    return target && withParameters(target, valueOf(unit, 'web_launch'));
  }

  private table(extension: string): AiccRecord[] {
    return this.reading.tables.get(extension) ?? [];
  }
}

const index = (records: AiccRecord[], column: string): Map<string, AiccRecord> =>
  new Map(
    records.flatMap(
      (record) =>
        record
          .get(column)
          ?.slice(0, 1)
          .map((id) => [id.toLowerCase(), record]) ?? [],
    ),
  );

/** All values of `member` in the rows of each `owner`. */
function group(records: AiccRecord[], owner: string, member: string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const record of records) {
    const id = valueOf(record, owner)?.toLowerCase();
    if (id === undefined) continue;
    groups.set(id, [...(groups.get(id) ?? []), ...(record.get(member) ?? [])]);
  }
  return groups;
}

function pairs(records: AiccRecord[], key: string, column: string): [string, string][] {
  return records.flatMap((record): [string, string][] => {
    const id = valueOf(record, key)?.toLowerCase();
    const value = valueOf(record, column);
    return id !== undefined && value !== undefined ? [[id, value]] : [];
  });
}
