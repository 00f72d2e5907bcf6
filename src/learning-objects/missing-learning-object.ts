import { type AppError, notFound } from '../errors';
import type { ObjectName } from './learning-objects.store';

/** What is said of another application's object too: nothing tells the two apart. */
export const objectMissing = (name: ObjectName): AppError => {
  if ('id' in name) return notFound(`There is no learning object ${name.id} in this application.`);
  const where = name.repository === undefined ? '' : ` in the repository "${name.repository}"`;
  return notFound(`There is no learning object "${name.id_repository}"${where} in this application.`);
};

export const assignmentMissing = (id: number): AppError =>
  notFound(`There is no assignment ${id} in this application.`);

export const evaluationMissing = (id: number): AppError =>
  notFound(`There is no evaluation ${id} in this application.`);
