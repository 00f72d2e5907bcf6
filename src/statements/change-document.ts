import { notFound, tooLarge } from '../errors';
import type { Resources } from '../resources';
import { type DocumentConditions, whyNotChanged } from './document-conditions.rules';
import { assertJson, type DocumentContent, mergeDocuments } from './document-merge.rules';
import {
  countDocuments,
  deleteDocument,
  type DocumentPlace,
  type DocumentRow,
  findDocument,
  lockDocument,
  maxDocuments,
  saveDocument,
} from './documents.store';
import type { XapiVersion } from './formats.rules';

type Needs = Pick<Resources, 'db' | 'config'>;

export interface DocumentChange {
  method: 'put' | 'post' | 'delete';
  version: XapiVersion;
  conditions: DocumentConditions;
}

/** Puts a document in its place, or joins it with the one that is there. Throws precondition-failed, conflict, invalid, too-large. */
export async function storeDocument(
  place: DocumentPlace,
  sent: DocumentContent,
  change: DocumentChange,
  { db, config }: Needs,
): Promise<void> {
  if (change.method === 'post') assertJson(sent);
  await db.transaction(async (tx) => {
    await lockDocument(tx, place);
    const row = await findDocument(tx, place);
    refuse(place, change, row);
    if (!row && (await countDocuments(tx, place.scope)) >= maxDocuments) {
      throw tooLarge(`There may be up to ${maxDocuments} documents here; delete some.`);
    }
    const isMerge = change.method === 'post' && row !== undefined;
    const document = isMerge ? mergeDocuments({ contentType: row.content_type, content: row.content }, sent) : sent;
    if (document.content.length > config.xapi.maxDocumentBytes) {
      throw tooLarge(`A document may be up to ${config.xapi.maxDocumentBytes} bytes.`);
    }
    await saveDocument(tx, place, document);
  });
}

/** That it is not there is no error. */
export async function removeDocument(
  place: DocumentPlace,
  change: DocumentChange,
  { db }: Pick<Needs, 'db'>,
): Promise<void> {
  await db.transaction(async (tx) => {
    await lockDocument(tx, place);
    refuse(place, change, await findDocument(tx, place));
    await deleteDocument(tx, place);
  });
}

function refuse(
  { scope }: DocumentPlace,
  { method, version, conditions }: DocumentChange,
  row: DocumentRow | undefined,
): void {
  const why = whyNotChanged({ method, resource: scope.resource, version }, conditions, row?.etag);
  if (why) throw why;
}

export async function getDocument(place: DocumentPlace, { db }: Pick<Needs, 'db'>): Promise<DocumentRow> {
  const row = await findDocument(db, place);
  if (!row) throw notFound('There is no such document.');
  return row;
}
