import type { CourseRow, CourseVersionRow, CourseVersionSummary } from './courses.store';
import type { Course, CourseActivity } from './courses.schemas';
import type { Activity } from './packages/package';

export interface Shown {
  metadata?: boolean;
  /** Of the course, or of the version that is shown. */
  registrationCount?: number | undefined;
}

const shownMembers = (version: CourseVersionSummary, shown: Shown) => ({
  xapiActivityId: version.xapi_activity_id,
  version: version.version,
  ...(shown.registrationCount === undefined ? {} : { registrationCount: shown.registrationCount }),
  activityId: version.identifier,
  courseLearningStandard: version.learning_standard,
  dispatched: false,
  ...(shown.metadata ? { metadata: version.metadata } : {}),
});

/** A course as the Course Service shows it (CourseSchema): its own title and times, and its newest version. */
export const presentCourse = (course: CourseRow, version: CourseVersionSummary, shown: Shown): Course => ({
  id: course.course_id,
  title: course.title,
  created: course.created_at.toISOString(),
  updated: course.updated_at.toISOString(),
  tags: course.tags,
  ...shownMembers(version, shown),
});

/** One version of a course, with the version's own title and times. */
export const presentVersion = (course: CourseRow, version: CourseVersionSummary, shown: Shown): Course => ({
  id: course.course_id,
  title: version.title,
  created: version.created_at.toISOString(),
  updated: version.updated_at.toISOString(),
  tags: course.tags,
  ...shownMembers(version, shown),
});

/** The activity tree, for answers about one course or version. */
export const presentActivities = ({ structure }: CourseVersionRow): Pick<Course, 'rootActivity'> => ({
  rootActivity: presentActivity(structure.rootActivity),
});

export function presentActivity(activity: Activity): CourseActivity {
  return {
    externalIdentifier: '',
    itemIdentifier: activity.identifier,
    ...(activity.resourceIdentifier === undefined ? {} : { resourceIdentifier: activity.resourceIdentifier }),
    activityType: activity.type,
    ...(activity.href === undefined ? {} : { href: activity.href }),
    ...(activity.scaledPassingScore === undefined ? {} : { scaledPassingScore: String(activity.scaledPassingScore) }),
    title: activity.title,
    children: activity.children.map(presentActivity),
  };
}
