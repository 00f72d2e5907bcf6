import { learningObjectCallback } from '../../learning-objects/learning-object-callback';
import type { Database } from '../../database/connection';
import type { SendableRow } from '../deliveries.store';
import type { DeliveryDialect, DeliveryRequest } from './dialect';

/** What a LOEP callback carries; `lo` is the learning object with its evaluations and scores. */
interface Callback {
  id_loep: number;
  id_repository: string;
  lo: object;
}

/** `PUT {callback}/los/{id_repository}` (LOEP Callback API), in the encoding that the receiver wants. */
const dialect = (contentType: string, encode: (callback: Callback) => string): DeliveryDialect => ({
  async request(delivery, url, db): Promise<DeliveryRequest | undefined> {
    const callback = await callbackOf(delivery, db);
    return callback && { method: 'PUT', url: objectUrl(url, callback), contentType, body: encode(callback) };
  },
});

/** A test says what it sends; a change of a learning object sends what the object is now. */
const callbackOf = ({ payload, subject_id }: SendableRow, db: Database): Promise<Callback | undefined> =>
  payload === null ? learningObjectCallback(db, subject_id) : Promise.resolve(JSON.parse(payload) as Callback);

/** As the LOEP server does it: form fields, and `lo` in them as JSON text. */
export const loepForm = dialect('application/x-www-form-urlencoded', ({ id_loep, id_repository, lo }) =>
  new URLSearchParams({ id_loep: String(id_loep), id_repository, lo: JSON.stringify(lo) }).toString(),
);

export const loepJson = dialect('application/json', (callback) => JSON.stringify(callback));

/** A query stays at the end. A colon stays as it is, so that "Excursion:83" reads the same for those who do not decode. */
function objectUrl(base: string, { id_repository }: Callback): string {
  const url = new URL(base);
  const id = encodeURIComponent(id_repository).replaceAll('%3A', ':');
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/los/${id}`;
  return url.href;
}
