import { type Static, Type } from '@sinclair/typebox';
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
