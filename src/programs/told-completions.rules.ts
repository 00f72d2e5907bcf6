import { lastSegment } from '../caliper/activity.rules';
import type { ToldCompletion } from './completion-mapping.rules';
import type { LearnerRef } from './learner.rules';

/** Whom and what an event means. */
export interface ReadCompletion {
  learner: LearnerRef;
  /** As it is named, and in Caliper also by its last segment: either may be how a program knows it. */
  courses: string[];
}

/** Undefined where it can mean nobody, or nothing. */
export function readTold(door: 'caliper' | 'events', told: ToldCompletion): ReadCompletion | undefined {
  const names = door === 'caliper' ? readIris(told) : readPlain(told);
  const email = usable(names.email);
  const short = usable(names.shortUid);
  const uid = usable(names.uid) ?? short;
  const shortUid = short === uid ? undefined : short;
  const learner = { ...(email && { email }), ...(uid && { uid }), ...(shortUid && { shortUid }) };
  const courses = [...new Set(names.courses.map(usable))].filter((course) => course !== undefined);
  return courses.length === 0 || (email ?? uid) === undefined ? undefined : { learner, courses };
}

interface Names {
  email: string | undefined;
  uid: string | undefined;
  shortUid?: string | undefined;
  courses: string[];
}

/** Of the event store: a learner is an email, where it looks like one, or a uid. */
const readPlain = ({ learner, course }: ToldCompletion): Names => ({
  email: learner !== null && isEmail(learner) ? learner : undefined,
  uid: learner ?? undefined,
  courses: [course],
});

function readIris({ email, learner, course }: ToldCompletion): Names {
  const shortUid = learner === null ? undefined : lastPart(learner);
  return {
    email: email ?? (shortUid !== undefined && isEmail(shortUid) ? shortUid : undefined),
    uid: learner ?? undefined,
    shortUid,
    courses: [course, lastSegment(course)],
  };
}

/** Without a colon or a slash, so that no IRI is one. */
const isEmail = (text: string): boolean => /^[^\s@:/]+@[^\s@:/]+$/.test(text);

/** `…/users/ada` and `urn:school:ada` are known elsewhere as `ada`. */
function lastPart(id: string): string {
  const segment = lastSegment(id);
  return /^(urn|mailto):/i.test(segment) ? segment.slice(segment.lastIndexOf(':') + 1) : segment;
}

/** Of ids in the database. */
const maxIdLength = 255;

/** What cannot be anybody's id is none. An escape of an IRI may have been `%00`, which Postgres takes in no text. */
const usable = (text: string | undefined): string | undefined =>
  text === undefined || text === '' || text.length > maxIdLength || text.includes('\0') ? undefined : text;
