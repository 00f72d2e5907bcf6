import { applicationOperations } from './applications/applications.routes';
import { assetOperations } from './courses/assets.routes';
import { courseOperations } from './courses/courses.routes';
import { importJobOperations } from './courses/import-jobs.routes';
import type { Operation } from './http/operation';

/** Every operation of every door: the router and the OpenAPI document are made of this list. */
export const operations: readonly Operation[] = [
  // Before the courses: their paths would take "importJobs" for a course's id.
  ...importJobOperations,
  ...courseOperations,
  ...assetOperations,
  ...applicationOperations,
];
