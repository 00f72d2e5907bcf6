import type { Transaction } from '../database/connection';

/** An endpoint as a new delivery needs it. */
export interface EndpointRef {
  id: string;
  /** Which of the drains serves it; computed from the id by the database. */
  shard: number;
}

export interface PostbackEndpoint {
  id: string;
  application_id: string;
  /** Scheme, host and port. */
  origin: string;
  /** Encrypted. */
  signing_secret: Buffer;
}

/** The endpoint that an application's postbacks to one origin share. */
export const findPostbackEndpoint = (
  tx: Transaction,
  applicationId: string,
  origin: string,
): Promise<EndpointRef | undefined> =>
  tx('endpoints').where({ application_id: applicationId, origin, dialect: 'postback' }).first('id', 'shard');

/** Adds it; where another transaction was first, waits for that one's end and answers the endpoint that is there then. */
export async function addPostbackEndpoint(tx: Transaction, endpoint: PostbackEndpoint): Promise<EndpointRef> {
  const { rows } = await tx.raw<{ rows: [EndpointRef] }>(
    `insert into endpoints (id, application_id, dialect, origin, signing_secret)
     values (:id, :application_id, 'postback', :origin, :signing_secret)
     on conflict (application_id, origin) where dialect = 'postback' do update set origin = excluded.origin
     returning id, shard`,
    { ...endpoint },
  );
  return rows[0];
}
