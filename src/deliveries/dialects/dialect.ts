import type { Database } from '../../database/connection';
import type { SendableRow } from '../deliveries.store';

/** What goes to a receiver, before credentials and signatures. */
export interface DeliveryRequest {
  method: 'POST' | 'PUT';
  url: string;
  contentType: string;
  body: string;
}

/** How one kind of receiver wants to be told. */
export interface DeliveryDialect {
  /**
   * The request for a delivery. `url` is the delivery's own or its endpoint's, without credentials where it is the endpoint's.
   * Undefined when there is nothing to tell any more: what it was to report is gone.
   */
  request: (delivery: SendableRow, url: string, db: Database) => Promise<DeliveryRequest | undefined>;
}
