import type { Database, Transaction } from '../database/connection';
import { adoptBlob } from '../storage/blobs.store';
import type { StoredBlob } from '../storage/content-store';

/** An attachment's content, already in the content store. */
export interface NewAttachment {
  applicationId: string;
  /** As the statement names it, in lower case. */
  sha2: string;
  blob: StoredBlob;
}

export interface AttachmentRow {
  sha2: string;
  blob_key: string;
  size: number;
}

/** Keeps contents of attachments, each once. Answers the keys of blobs that were there already, and are not needed. */
export async function keepAttachments(tx: Transaction, attachments: readonly NewAttachment[]): Promise<string[]> {
  const needless: string[] = [];
  for (const { applicationId, sha2, blob } of attachments.toSorted((a, b) =>
    a.blob.sha256 < b.blob.sha256 ? -1 : 1,
  )) {
    const key = await adoptBlob(tx, blob);
    if (key !== blob.key) needless.push(blob.key);
    await tx.raw(
      `insert into statement_attachments (application_id, sha2, blob_key, size) values (?, ?, ?, ?) on conflict do nothing`,
      [applicationId, sha2, key, blob.size],
    );
  }
  return needless;
}

export async function findAttachments(
  db: Database,
  applicationId: string,
  hashes: readonly string[],
): Promise<AttachmentRow[]> {
  if (hashes.length === 0) return [];
  const { rows } = await db.raw<{ rows: AttachmentRow[] }>(
    'select sha2, blob_key, size from statement_attachments where application_id = ? and sha2 = any (?::text[])',
    [applicationId, [...hashes]],
  );
  return rows;
}
