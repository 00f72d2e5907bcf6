import { isAbsent, isObject, type JsonObject } from './problems.rules';
import { activityMetrics, type TimeKind, timeKinds } from './vocabularies';

export type ActivityMetric = (typeof activityMetrics)[number];

/** Who did it, as the event says. */
export interface LearnerIdentity {
  id?: string;
  email?: string;
  name?: string;
}

/** What an event says about a learner's work: what totals are made of. */
export interface Activity {
  learner: LearnerIdentity;
  /** The course's id as it was sent. */
  courseId?: string;
  appName?: string;
  subject?: string;
  activityName?: string;
  /** Sums of the event's items, where it has any of that type. Points can be negative: that is a correction. */
  metrics: Partial<Record<ActivityMetric, number>>;
  /** Seconds by kind, where the event has any of that kind. */
  seconds: Partial<Record<TimeKind, number>>;
}

/** Reads an event of any type. What is missing, or not what it should be, is left out. */
export function readActivity(event: unknown): Activity {
  const { type, actor, object, generated, edApp } = asObject(event);
  const context = asObject(object);
  const items = asObject(generated).items;
  return {
    learner: readLearner(actor),
    ...texts({
      courseId: asObject(context.course).id,
      appName: asObject(context.app).name ?? asObject(edApp).name,
      subject: context.subject,
      activityName: asObject(context.activity).name,
    }),
    metrics: type === 'ActivityEvent' ? sumItems(items, activityMetrics) : {},
    seconds: type === 'TimeSpentEvent' ? sumItems(items, timeKinds) : {},
  };
}

const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {});

function readLearner(actor: unknown): LearnerIdentity {
  if (typeof actor === 'string') return texts({ id: actor });
  const { id, email, name } = asObject(actor);
  return texts({ id, email, name });
}

/** Those that are texts, trimmed; empty ones say nothing. */
function texts<Name extends string>(values: Readonly<Record<Name, unknown>>): Partial<Record<Name, string>> {
  const kept: Partial<Record<Name, string>> = {};
  for (const name of Object.keys(values) as Name[]) {
    const value = values[name];
    const text = typeof value === 'string' ? value.trim() : '';
    if (text !== '') kept[name] = text;
  }
  return kept;
}

/** Of a course's id, decoded: `…/courses/reading-g3` is known elsewhere as `reading-g3`. Of one without slashes, all of it. */
export function lastSegment(id: string): string {
  const path = id.split(/[?#]/, 1)[0] ?? '';
  const segment = path.split('/').findLast((part) => part !== '') ?? id;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // A percent sign that escapes nothing belongs to the name.
  }
}

function sumItems<Type extends string>(items: unknown, types: readonly Type[]): Partial<Record<Type, number>> {
  const sums: Partial<Record<Type, number>> = {};
  if (!Array.isArray(items)) return sums;
  for (const item of items as readonly unknown[]) {
    const { type, value } = asObject(item);
    if (typeof value !== 'number' || isAbsent(type)) continue;
    const known = types.find((candidate) => candidate === type);
    if (known !== undefined) sums[known] = (sums[known] ?? 0) + value;
  }
  return sums;
}
