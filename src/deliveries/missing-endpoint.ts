import { type AppError, notFound } from '../errors';

/** What is said of another application's endpoint too: nothing tells the two apart. */
export const endpointMissing = (id: string): AppError =>
  notFound(`There is no endpoint ${id}.`, { code: 'endpoint_not_found' });

export const deliveryMissing = (id: string): AppError =>
  notFound(`There is no delivery ${id}.`, { code: 'delivery_not_found' });
