import { v5 as uuidOf } from 'uuid';

const adl = 'http://adlnet.gov/expapi/verbs';
const later = 'https://w3id.org/xapi/adl/verbs';
const cmi5 = 'https://w3id.org/xapi/cmi5';

/** Verbs that assignable units (AUs) use in "cmi5 defined" statements (cmi5 9.3). */
export const unitVerbs = {
  initialized: `${adl}/initialized`,
  completed: `${adl}/completed`,
  passed: `${adl}/passed`,
  failed: `${adl}/failed`,
  terminated: `${adl}/terminated`,
} as const;
export type UnitVerb = keyof typeof unitVerbs;

/** Verbs that are the LMS's (cmi5 9.3.1, 9.3.6, 9.3.7, 9.3.9). */
export const hubVerbs = {
  launched: `${adl}/launched`,
  abandoned: `${later}/abandoned`,
  waived: `${later}/waived`,
  satisfied: `${later}/satisfied`,
} as const;
export type HubVerb = keyof typeof hubVerbs;

export const voided = `${adl}/voided`;

/** Categories of statements (cmi5 9.6.2.1, 9.6.2.2). */
export const categories = {
  cmi5: `${cmi5}/context/categories/cmi5`,
  moveOn: `${cmi5}/context/categories/moveon`,
} as const;

/** Extensions of contexts (cmi5 9.6.3). */
export const contextExtensions = {
  sessionId: `${cmi5}/context/extensions/sessionid`,
  masteryScore: `${cmi5}/context/extensions/masteryscore`,
  launchMode: `${cmi5}/context/extensions/launchmode`,
  launchUrl: `${cmi5}/context/extensions/launchurl`,
  moveOn: `${cmi5}/context/extensions/moveon`,
  launchParameters: `${cmi5}/context/extensions/launchparameters`,
} as const;

/** Extensions of results: per cent of an AU, and why it was waived (cmi5 9.5.5). */
export const progressExtension = `${cmi5}/result/extensions/progress`;
export const reasonExtension = `${cmi5}/result/extensions/reason`;

/** Types of what is satisfied (cmi5 9.3.9). */
export const containerTypes = {
  block: `${cmi5}/activitytype/block`,
  course: `${cmi5}/activitytype/course`,
} as const;

/**
 * What statements call an AU, a block or the course: an id of the hub's own, never the publisher's (cmi5 8.1.5, 9.3.9), the same in
 * all registrations of a version.
 */
export const cmi5ActivityIri = (versionId: string, identifier: string): string =>
  `urn:uuid:${uuidOf(identifier, versionId)}`;

/** Normal: results count; Browse and Review: none are to be sent (cmi5 10.2.2). */
export type LaunchMode = 'Normal' | 'Browse' | 'Review';
