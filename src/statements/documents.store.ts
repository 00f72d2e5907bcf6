import { hash } from 'node:crypto';
import type { Database, Transaction } from '../database/connection';
import type { DocumentResource } from './document-conditions.rules';
import type { DocumentContent } from './document-merge.rules';
import type { JsonObject } from './shapes.rules';

/** To what documents belong: an activity, an agent, or both. */
export interface DocumentScope {
  applicationId: string;
  resource: DocumentResource;
  /** The agent's identifier. */
  agent?: string;
  activityId?: string;
  /** Who and what it is, for people. */
  about: JsonObject;
}

export interface DocumentPlace {
  scope: DocumentScope;
  registration?: string | undefined;
  id: string;
}

export interface DocumentRow {
  content_type: string;
  content: Buffer;
  etag: string;
  updated_at: Date;
}

/** More of one scope are not listed, nor taken in. */
export const maxDocuments = 10_000;

const uuidOf = (text: string): string => {
  const hex = hash('sha256', text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
};

const scopeKey = ({ applicationId, resource, agent = '', activityId = '' }: DocumentScope): string =>
  uuidOf(JSON.stringify([applicationId, resource, agent, activityId]));

const keyOf = ({ scope, registration = '', id }: DocumentPlace) => ({
  scope: scopeKey(scope),
  registration,
  document: uuidOf(id),
});

/** Held until the commit: whoever looks at a document and changes it does so alone. */
export async function lockDocument(tx: Transaction, place: DocumentPlace): Promise<void> {
  await tx.raw('select pg_advisory_xact_lock(7246003, hashtext(?))', [JSON.stringify(keyOf(place))]);
}

export async function findDocument(db: Database | Transaction, place: DocumentPlace): Promise<DocumentRow | undefined> {
  return db<DocumentRow>('statement_documents')
    .where(keyOf(place))
    .first('content_type', 'content', 'etag', 'updated_at');
}

export async function saveDocument(
  tx: Transaction,
  place: DocumentPlace,
  { contentType, content }: DocumentContent,
): Promise<void> {
  const { applicationId, resource, about } = place.scope;
  const row = {
    ...keyOf(place),
    application_id: applicationId,
    resource,
    document_id: place.id,
    about: JSON.stringify(about),
    content_type: contentType,
    content,
    etag: hash('sha1', content),
    updated_at: tx.raw('clock_timestamp()'),
  };
  await tx('statement_documents')
    .insert(row)
    .onConflict(['scope', 'registration', 'document'])
    .merge(['content_type', 'content', 'etag', 'updated_at']);
}

export const deleteDocument = async (tx: Transaction, place: DocumentPlace): Promise<void> => {
  await tx('statement_documents').where(keyOf(place)).delete();
};

const ofScope = (db: Database | Transaction, scope: DocumentScope, registration: string | undefined) =>
  db('statement_documents').where({ scope: scopeKey(scope), ...(registration === undefined ? {} : { registration }) });

/** Those of a scope, of one registration or of all; `since` in microseconds. */
export async function listDocumentIds(
  db: Database,
  scope: DocumentScope,
  registration: string | undefined,
  since: number | undefined,
): Promise<string[]> {
  const all = ofScope(db, scope, registration);
  if (since !== undefined) void all.whereRaw('extract(epoch from updated_at) * 1000000 > ?', [since]);
  const ids: string[] = await all.orderBy('document').limit(maxDocuments).pluck('document_id');
  return [...new Set(ids)];
}

export async function countDocuments(tx: Transaction, scope: DocumentScope): Promise<number> {
  const [row] = await ofScope(tx, scope, undefined).count({ count: '*' });
  return Number(row?.['count']);
}

export const deleteDocuments = async (
  db: Database,
  scope: DocumentScope,
  registration: string | undefined,
): Promise<void> => {
  await ofScope(db, scope, registration).delete();
};
