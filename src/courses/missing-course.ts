import { type AppError, notFound } from '../errors';

/** What is said of another application's course too: nothing tells the two apart. */
export const courseMissing = (courseId: string): AppError =>
  notFound(`There is no course "${courseId}" in this application.`);

export const versionMissing = (courseId: string, version: number): AppError =>
  notFound(`There is no version ${version} of a course "${courseId}" in this application.`);
