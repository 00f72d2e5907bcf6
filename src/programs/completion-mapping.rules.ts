/** Which events of an application complete what, and for whom. */
export interface CompletionMapping {
  events: {
    /** Event types that complete; `*` stands for any text. */
    types: string[];
    /** Where in the event the course is named: `EventData.courseId`. */
    course: string;
    /** Where the learner is: `ProgramMemberId`. */
    learner: string;
  };
  caliper: {
    /** Types and actions that complete: `ActivityEvent/Completed`. */
    actions: string[];
    /** Where the course is named: `object.course.id`. */
    course: string;
  };
}

export const defaultMapping: CompletionMapping = {
  events: { types: ['*_COMP_SUCCESS'], course: 'EventData.courseId', learner: 'ProgramMemberId' },
  caliper: { actions: ['ActivityEvent/Completed'], course: 'object.course.id' },
};

/** What an event says was completed, in its own words. `readTold` says what they mean. */
export interface ToldCompletion {
  /** Where the event gives it beside the learner's id. */
  email: string | null;
  learner: string | null;
  course: string;
}

/** A mapping as it is asked of every event that comes. */
export interface CompletionReader {
  /** Whether events of the event store of this type complete, where they say what and for whom. */
  isCompletingType: (type: string) => boolean;
  /** An event of the event store. */
  ofEvent: (event: StoreEvent) => ToldCompletion | undefined;
  /** A Caliper event of any type, with its actor as it was read. */
  ofActivity: (event: object, learner: { id?: string; email?: string }) => ToldCompletion | undefined;
}

/** The members that a mapping can speak of. */
export interface StoreEvent {
  ProgramMemberId: string;
  EventType: string;
  EventData: object;
}

export function readerOf({ events, caliper }: CompletionMapping): CompletionReader {
  const isOfTypes = matcher(events.types);
  const isCompletingAction = matcher(caliper.actions);
  const [eventCourse, eventLearner, caliperCourse] = [events.course, events.learner, caliper.course].map(pathOf);
  // The hub's own never count, in whosever program.
  const isCompletingType = (type: string): boolean => !type.startsWith('HUB_') && isOfTypes(type);
  return {
    isCompletingType,
    ofEvent(event) {
      if (!isCompletingType(event.EventType)) return undefined;
      const course = textAt(event, eventCourse!);
      const learner = textAt(event, eventLearner!);
      return course === undefined || learner === undefined ? undefined : { email: null, learner, course };
    },
    ofActivity(event, { id = null, email = null }) {
      const { type, action } = event as { type?: unknown; action?: unknown };
      if (typeof type !== 'string' || typeof action !== 'string' || !isCompletingAction(`${type}/${action}`))
        return undefined;
      const course = textAt(event, caliperCourse!);
      return course === undefined || (id === null && email === null) ? undefined : { email, learner: id, course };
    },
  };
}

const pathOf = (text: string): string[] => text.split('.');

/** A text, trimmed, or a whole number, which lies somewhere in a JSON value. */
function textAt(value: object, path: readonly string[]): string | undefined {
  let found: unknown = value;
  for (const member of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, member)) return undefined;
    found = (found as Record<string, unknown>)[member];
  }
  if (typeof found === 'string') return found.trim() || undefined;
  return Number.isSafeInteger(found) ? String(found) : undefined;
}

/** Whether a text is one of the patterns. */
function matcher(patterns: readonly string[]): (text: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const others = patterns.filter((pattern) => pattern.includes('*')).map((pattern) => pattern.split('*'));
  return (text) => exact.has(text) || others.some((parts) => fits(text, parts));
}

/** The parts between asterisks: a beginning, an end, and those between in their order. Takes time linear in the text. */
function fits(text: string, parts: readonly string[]): boolean {
  const first = parts[0]!;
  const last = parts.at(-1)!;
  const end = text.length - last.length;
  if (!text.startsWith(first) || !text.endsWith(last) || end < first.length) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = text.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
