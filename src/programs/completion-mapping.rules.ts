import { lastSegment } from '../caliper/activity.rules';

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

/** What an event says was completed. */
export interface ToldCompletion {
  email: string | null;
  uid: string | null;
  /** The last segment of a uid that is an IRI. */
  short_uid: string | null;
  course_id: string;
  /** The last segment of a course's id that is an IRI. */
  short_course_id: string | null;
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
      if (course === undefined || learner === undefined) return undefined;
      return told({ email: isEmail(learner) ? learner : undefined, uid: learner }, { id: course });
    },
    ofActivity(event, { id, email }) {
      const { type, action } = event as { type?: unknown; action?: unknown };
      if (typeof type !== 'string' || typeof action !== 'string' || !isCompletingAction(`${type}/${action}`))
        return undefined;
      const course = textAt(event, caliperCourse!);
      if (course === undefined) return undefined;
      const shortUid = id === undefined ? undefined : lastPart(id);
      return told(
        { email: email ?? (shortUid !== undefined && isEmail(shortUid) ? shortUid : undefined), uid: id, shortUid },
        { id: course, shortId: lastSegment(course) },
      );
    },
  };
}

/** Of ids in the database. */
const maxIdLength = 255;

/** What cannot be anybody's id is none. An escape of an IRI may have been `%00`, which Postgres takes in no text. */
const usable = (text: string | undefined): string | null =>
  text === undefined || text === '' || text.length > maxIdLength || text.includes('\0') ? null : text;

function told(
  learner: { email?: string | undefined; uid?: string | undefined; shortUid?: string | undefined },
  course: { id: string; shortId?: string },
): ToldCompletion | undefined {
  const [email, uid, shortUid] = [learner.email, learner.uid, learner.shortUid].map(usable);
  const [id, shortId] = [course.id, course.shortId].map(usable);
  const courseId = id ?? shortId;
  const isSomebody = Boolean(email ?? uid ?? shortUid);
  if (!courseId || !isSomebody) return undefined;
  return {
    email: email ?? null,
    uid: uid ?? shortUid ?? null,
    short_uid: uid && shortUid !== uid ? (shortUid ?? null) : null,
    course_id: courseId,
    short_course_id: id && shortId !== id ? (shortId ?? null) : null,
  };
}

/** Without a colon or a slash, so that no IRI is one. */
const isEmail = (text: string): boolean => /^[^\s@:/]+@[^\s@:/]+$/.test(text);

/** `…/users/ada` and `urn:school:ada` are known elsewhere as `ada`. */
function lastPart(id: string): string {
  const segment = lastSegment(id);
  return /^(urn|mailto):/i.test(segment) ? segment.slice(segment.lastIndexOf(':') + 1) : segment;
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
