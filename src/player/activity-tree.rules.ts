import type { Activity } from '../courses/packages/package';

/** An activity and all below it, in the order in which they are shown. */
export const walk = (activity: Activity): Activity[] => [activity, ...activity.children.flatMap(walk)];

export const findActivity = (root: Activity, identifier: string): Activity | undefined =>
  walk(root).find((activity) => activity.identifier === identifier);

/** What can be opened, in order. */
export const listUnits = (root: Activity): Activity[] => walk(root).filter(({ href }) => href !== undefined);
