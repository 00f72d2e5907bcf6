import type { EndpointDialect } from '../endpoints.store';
import type { DeliveryDialect } from './dialect';
import { loepForm, loepJson } from './loep';
import { postback } from './postback';

export type { DeliveryRequest } from './dialect';

export const dialects: Readonly<Record<EndpointDialect, DeliveryDialect>> = {
  postback,
  loep: loepForm,
  'loep-json': loepJson,
};
