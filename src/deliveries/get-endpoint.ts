import type { Database } from '../database/connection';
import type { EndpointChoice } from './change-endpoint';
import { type CountedEndpointRow, findEndpoint } from './endpoint-list.store';
import { endpointMissing } from './missing-endpoint';

/** An endpoint of the application, or of any. */
export async function getEndpointRow(
  { applicationId, endpointId }: EndpointChoice,
  db: Database,
): Promise<CountedEndpointRow> {
  const row = await findEndpoint(db, applicationId, endpointId);
  if (!row) throw endpointMissing(endpointId);
  return row;
}
