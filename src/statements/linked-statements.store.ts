import type { Database } from '../database/connection';
import { readPage, type StatementPage, type StatementRow } from './statements.store';

/** Statements of whatever in the hub they came of; keys are hashes (`keyOf`). */
export interface LinkedFilter {
  applicationId: string;
  /** Any of these. */
  links: readonly string[];
  /** And any of these, each of one of the links. */
  registrations?: readonly string[] | undefined;
  /** Positions: from the one to the other. */
  since?: number | undefined;
  until?: number | undefined;
}

/**
 * Statements by links, voided ones left out, the newest first. Of each link, or each registration where these are given, the next page's
 * worth is read from an index in that order, and they are merged: the cost is that of a page times how many they are.
 */
export function listLinkedStatements(
  db: Database,
  { applicationId, links, registrations, since, until }: LinkedFilter,
  { after, ...page }: Omit<StatementPage, 'ascending'>,
): Promise<{ rows: StatementRow[]; hasMore: boolean }> {
  const conditions = [
    // A key is of one application: to ask for that as well would tempt the planner to walk through all of its statements.
    registrations ? 's.registration = k.key and s.link = any (:links::uuid[])' : 's.link = k.key',
    ...(since === undefined ? [] : ['s.position >= :since']),
    ...(until === undefined ? [] : ['s.position <= :until']),
    ...(after === undefined ? [] : ['s.position < :after']),
  ];
  const found = `select m.position from unnest(:keys::uuid[]) k (key) cross join lateral (
      select s.position from statements s where ${conditions.join(' and ')} and not s.voided
      order by s.position desc limit :limit + 1
    ) m`;
  const bindings = {
    applicationId,
    keys: [...(registrations ?? links)],
    ...(registrations && { links: [...links] }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(after === undefined ? {} : { after }),
  };
  return readPage(db, { sql: found, bindings }, { ...page, ascending: false });
}
