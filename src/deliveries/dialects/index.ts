import type { EndpointDialect } from '../endpoints.store';
import type { DeliveryDialect } from './dialect';
import { loepForm, loepJson } from './loep';
import { postback } from './postback';

export type { DeliveryRequest } from './dialect';

export const dialects: Readonly<Record<EndpointDialect, DeliveryDialect>> = {
  postback,
  // An entry of the feed, as a reader that pulls gets it.
  events: postback,
  loep: loepForm,
  'loep-json': loepJson,
};
