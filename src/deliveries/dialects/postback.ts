import type { DeliveryDialect } from './dialect';

/** The payload as JSON, byte for byte as it was queued. */
export const postback: DeliveryDialect = {
  request: ({ payload }, url) =>
    Promise.resolve({ method: 'POST', url, contentType: 'application/json', body: payload ?? 'null' }),
};
