import { type Static, Type } from '@sinclair/typebox';
import { courseOrders, datetimeFilters, filterFields } from './course-list.rules';
import { learningStandards } from './packages/package';

const dateTime = Type.String({ format: 'date-time' });

/** MetadataSchema of the vendor's client. */
export const Metadata = Type.Object({
  title: Type.String(),
  titleLanguage: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  descriptionLanguage: Type.Optional(Type.String()),
  duration: Type.Optional(Type.String()),
  typicalTime: Type.Optional(Type.String()),
  keywords: Type.Array(Type.String()),
});

/** CourseActivitySchema: a node of the course's tree. Its children have the same shape. */
export const CourseActivity = Type.Object({
  externalIdentifier: Type.String(),
  itemIdentifier: Type.String(),
  resourceIdentifier: Type.Optional(Type.String()),
  activityType: Type.Union(['UNKNOWN', 'AGGREGATION', 'SCO', 'ASSET', 'OBJECTIVE'].map((type) => Type.Literal(type))),
  href: Type.Optional(Type.String()),
  scaledPassingScore: Type.Optional(Type.String()),
  title: Type.String(),
  children: Type.Array(Type.Unknown({ description: 'CourseActivity' })),
});
export type CourseActivity = Static<typeof CourseActivity>;

/** CourseSchema of the vendor's client. */
export const Course = Type.Object({
  id: Type.String(),
  title: Type.String(),
  xapiActivityId: Type.String(),
  created: dateTime,
  updated: dateTime,
  version: Type.Integer(),
  registrationCount: Type.Optional(Type.Integer()),
  activityId: Type.String(),
  courseLearningStandard: Type.Union(learningStandards.map((name) => Type.Literal(name))),
  tags: Type.Array(Type.String()),
  dispatched: Type.Boolean(),
  metadata: Type.Optional(Metadata),
  rootActivity: Type.Optional(CourseActivity),
});
export type Course = Static<typeof Course>;

export const CourseList = Type.Object({ courses: Type.Array(Course), more: Type.Optional(Type.String()) });

/** The caller's own id of a course: slashes and spaces occur, percent-encoded. */
export const courseId = Type.String({
  minLength: 1,
  maxLength: 255,
  description: 'The caller’s id of the course, case-sensitive, up to 255 characters',
});

export const CoursePath = Type.Object({ courseId });

export const includes = {
  includeRegistrationCount: Type.Optional(Type.Boolean({ default: false })),
  includeCourseMetadata: Type.Optional(Type.Boolean({ default: false })),
};

const oneOf = <const T extends string>(values: readonly T[]) => Type.Unsafe<T>({ type: 'string', enum: [...values] });
export const date = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 50, description }));

/** Dates with or without a zone; without one they are UTC. */
export const timeRange = { since: date('Changed then or later'), until: date('Changed then or earlier') };

/** The token of a list's next page. */
export const more = Type.Optional(
  Type.String({
    maxLength: 40_000,
    pattern: '^[A-Za-z0-9_.-]+$',
    description: 'From the page before; then nothing else applies',
  }),
);

const tag = Type.String({ minLength: 1, maxLength: 255 });

export const CourseListParameters = Type.Object({
  ...timeRange,
  datetimeFilter: Type.Optional(oneOf(datetimeFilters)),
  filter: Type.Optional(Type.String({ maxLength: 255, description: 'A substring, in either case' })),
  filterBy: Type.Optional(oneOf(filterFields)),
  orderBy: Type.Optional(oneOf(courseOrders)),
  tags: Type.Optional(Type.Array(tag, { maxItems: 100, description: 'Courses with any of these' })),
  more,
  includeTotalCount: Type.Optional(Type.Boolean({ description: 'First page: the header X-Total-Count' })),
  ...includes,
});

export const CourseVersionPath = Type.Object({
  courseId,
  versionId: Type.Integer({ minimum: 0, maximum: 2_147_483_647 }),
});

/** CourseListNonPagedSchema. */
export const CourseVersionList = Type.Object({ courses: Type.Array(Course) });

/** TitleSchema. */
export const Title = Type.Object({ title: Type.String({ minLength: 1, maxLength: 500 }) });

/** TagListSchema. */
export const TagList = Type.Object({ tags: Type.Array(tag, { maxItems: 100 }) });

/** BatchTagsSchema. */
export const BatchTags = Type.Object({
  ids: Type.Array(courseId, { minItems: 1, maxItems: 1000 }),
  tags: Type.Array(tag, { maxItems: 100 }),
});
