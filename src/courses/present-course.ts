import type { CourseWithVersion } from './courses.store';
import type { Course, CourseActivity } from './courses.schemas';
import type { Activity } from './packages/package';

export interface Shown {
  metadata?: boolean;
  registrationCount?: boolean;
  /** The activity tree: for one course, not for lists. */
  activities?: boolean;
}

/** A course as the Course Service shows it (CourseSchema). */
export function presentCourse({ course, version }: CourseWithVersion, shown: Shown): Course {
  return {
    id: course.course_id,
    title: version.title,
    xapiActivityId: version.xapi_activity_id,
    created: version.created_at.toISOString(),
    updated: version.updated_at.toISOString(),
    version: version.version,
    ...(shown.registrationCount ? { registrationCount: 0 } : {}),
    activityId: version.identifier,
    courseLearningStandard: version.learning_standard,
    tags: course.tags,
    dispatched: false,
    ...(shown.metadata ? { metadata: version.metadata } : {}),
    ...(shown.activities ? { rootActivity: presentActivity(version.structure.rootActivity) } : {}),
  };
}

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
