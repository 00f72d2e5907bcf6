import type { Activity } from '../courses/packages/package';
import type { CourseVersionRow } from '../courses/courses.store';
import { isIri } from '../statements/formats.rules';

/** What statements call a unit: its own IRI; some packages name it by something that is none. */
export const unitActivityIri = (
  { identifier }: Pick<Activity, 'identifier'>,
  version: Pick<CourseVersionRow, 'xapi_activity_id'>,
): string => (isIri(identifier) ? identifier : `${version.xapi_activity_id}/${encodeURIComponent(identifier)}`);
