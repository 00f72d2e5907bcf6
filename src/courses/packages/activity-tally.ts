import { invalid } from '../../errors';
import { descriptorLimits } from './descriptor-limits';
import type { Activity } from './package';

/** Keeps account of a course's activities while its descriptor is read: how many, which can be launched, ids used twice. */
export class ActivityTally {
  private readonly launchable: Activity[] = [];
  private readonly identifiers = new Set<string>();
  private readonly repeated = new Set<string>();
  private count = 0;

  constructor(private readonly descriptor: string) {}

  /** Counts an activity as it is met, in the tree's order; `reachable` when what it launches is there. */
  add(activity: Activity, reachable: boolean): void {
    this.count += 1;
    if (this.count > descriptorLimits.activities) {
      const message = `${this.descriptor} has more than ${descriptorLimits.activities} activities. Split the course.`;
      throw invalid(message, { code: 'too_many_activities' });
    }
    if (this.identifiers.has(activity.identifier)) this.repeated.add(activity.identifier);
    this.identifiers.add(activity.identifier);
    if (reachable) this.launchable.push(activity);
  }

  /** Ids that several activities share: what is tracked for one is tracked for all of them. */
  get repeatedIdentifiers(): ReadonlySet<string> {
    return this.repeated;
  }

  /** The first href in the tree that can be opened. Refuses a course without one: nobody could ever take it. */
  getLaunchHref(): string {
    const href = this.launchable[0]?.href;
    if (href !== undefined) return href;
    const activities = this.count === 1 ? 'the only activity' : `none of the ${this.count} activities`;
    throw invalid(
      `${this.descriptor} launches nothing: ${activities} leads to a file of the package or a web address. ` +
        'Check the hrefs, and that the files were packed.',
      { code: 'nothing_to_launch' },
    );
  }
}
