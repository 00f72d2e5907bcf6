import type { Database, Transaction } from '../database/connection';

/** What narrows a list of statements; keys are hashes (`keyOf`). */
export interface StatementFilter {
  applicationId: string;
  /** Of the actor, the object, or a member of a group in their place; `related`: of whatever has to do with it. */
  agent?: { key: string; related?: string } | undefined;
  verb?: string | undefined;
  activity?: { key: string; related?: string } | undefined;
  registration?: string | undefined;
  /** Positions: after the one, not after the other. */
  since?: number | undefined;
  until?: number | undefined;
}

export interface StatementPage {
  /** The position of the page before's last statement. */
  after?: number | undefined;
  ascending: boolean;
  limit: number;
  /** A page ends early once its statements are larger than this together. */
  maxBytes: number;
}

export interface StatementRow {
  position: number;
  /** JSON. */
  data: string;
}

type Bindings = Record<string, string | number | readonly string[]>;

/** SQL and what it is bound to. */
export interface Fragment {
  sql: string;
  bindings: Bindings;
}

const given = (sql: string, bindings: Bindings | undefined | false): Fragment[] =>
  bindings ? [{ sql, bindings }] : [];

const bindingsOf = (fragments: readonly Fragment[]): Bindings =>
  Object.assign({}, ...fragments.map(({ bindings }) => bindings)) as Bindings;

/** What has to be true of a row, beside what it is looked up by. */
function conditionsOf(filter: StatementFilter, drivenBy: 'agent' | 'activity' | undefined): Fragment[] {
  const { applicationId, verb, agent, activity, registration } = filter;
  // What an agent did is little beside what was done of an activity: no index of that is to be looked through as well.
  const equals = drivenBy === 'agent' ? 'is not distinct from' : '=';
  return [
    ...given('s.application_id = :applicationId and not s.voided', { applicationId }),
    ...given(`s.verb ${equals} :verb`, verb !== undefined && { verb }),
    ...given('s.registration = :registration', registration !== undefined && { registration }),
    ...(agent && drivenBy !== 'agent' ? [isOf('agent', agent, true)] : []),
    ...(activity && drivenBy !== 'activity' ? [isOf('activity', activity, false, equals)] : []),
  ];
}

/** A condition that a row is of an agent or activity, by its column or by a relation. */
function isOf(
  column: 'agent' | 'activity',
  { key, related }: { key: string; related?: string },
  several: boolean,
  equals = '=',
): Fragment {
  const relations = [...(several ? [`:${column}`] : []), ...(related === undefined ? [] : [`:${column}Related`])];
  const exists = `exists (select from statement_relations x where x.key in (${relations.join(', ')})
    and x.position = s.position and x.match = s.match)`;
  return {
    sql: relations.length === 0 ? `s.${column} ${equals} :${column}` : `(s.${column} = :${column} or ${exists})`,
    bindings: { [column]: key, ...(related === undefined ? {} : { [`${column}Related`]: related }) },
  };
}

/** Where rows are looked for: by a column of their own, and by each relation that would do. */
function sourcesOf(
  column: 'agent' | 'activity',
  { key, related }: { key: string; related?: string },
  several: boolean,
): Fragment[] {
  const relation = (name: string): string =>
    `from statement_relations r cross join lateral (
       select * from statements o where o.application_id = :applicationId and o.position = r.position and o.match = r.match offset 0
     ) s where r.key = :${name}`;
  return [
    { sql: `from statements s where s.${column} = :${column}`, bindings: { [column]: key } },
    ...(several ? given(relation(column), { [column]: key }) : []),
    ...given(relation(`${column}Related`), related !== undefined && { [`${column}Related`]: related }),
  ];
}

function rangeOf({ since, until }: StatementFilter, { after, ascending }: StatementPage, row: 's' | 'r'): Fragment[] {
  return [
    ...given(`${row}.position > :since`, since !== undefined && { since }),
    ...given(`${row}.position <= :until`, until !== undefined && { until }),
    ...given(`${row}.position ${ascending ? '>' : '<'} :after`, after !== undefined && { after }),
  ];
}

/**
 * Statements by when they were stored, voided ones left out. Every source is read in that order from an index, and they are merged:
 * a page costs what it shows, as long as what is looked up by is not much more common than what is asked for.
 */
export async function listStatements(
  db: Database,
  filter: StatementFilter,
  page: StatementPage,
): Promise<{ rows: StatementRow[]; hasMore: boolean }> {
  const drivenBy = filter.agent ? 'agent' : filter.activity?.related === undefined ? undefined : 'activity';
  const conditions = conditionsOf(filter, drivenBy);
  const sources = drivenBy
    ? sourcesOf(drivenBy, filter[drivenBy]!, drivenBy === 'agent')
    : [{ sql: 'from statements s where true', bindings: {} }];
  const order = page.ascending ? 'asc' : 'desc';
  const fragments = [...conditions, ...sources, ...rangeOf(filter, page, 's')];
  const isEverything = !drivenBy && conditions.length === 1;
  const selects = sources.map(({ sql }) => {
    const row = sql.startsWith('from statement_relations') ? 'r' : 's';
    const where = [...conditions, ...rangeOf(filter, page, row)].map((one) => one.sql);
    if (isEverything) where.push('s.match = s.position');
    return `(select distinct ${row}.position ${sql} and ${where.join(' and ')} order by ${row}.position ${order} limit :limit + 1)`;
  });
  const sql = `select distinct position from (${selects.join(' union all ')}) u`;
  return readPage(db, { sql, bindings: bindingsOf(fragments) }, page);
}

/** The page of these positions. `found`: a query of them, in which `applicationId` is bound; each once, and as many as `limit` and one. */
export async function readPage(
  db: Database,
  found: Fragment,
  { ascending, limit, maxBytes }: Omit<StatementPage, 'after'>,
): Promise<{ rows: StatementRow[]; hasMore: boolean }> {
  const order = ascending ? 'asc' : 'desc';
  const { rows } = await db.raw<{ rows: (StatementRow & { found: number })[] }>(
    `with found as materialized (${found.sql} order by position ${order} limit :limit + 1)
     select position, data, found from (
       select f.position, d.data, count(*) over () as found,
         sum(octet_length(d.data)) over (order by f.position ${order}) - octet_length(d.data) as before
       from found f cross join lateral (
         select s.data::text as data from statements s
         where s.application_id = :applicationId and s.position = f.position and s.match = f.position offset 0
       ) d
     ) page
     where before <= :maxBytes order by position ${order} limit :limit`,
    { ...found.bindings, limit, maxBytes },
  );
  return { rows: rows.map(({ position, data }) => ({ position, data })), hasMore: (rows[0]?.found ?? 0) > rows.length };
}

/**
 * A statement by its id; undefined: there is none, or it is of another registration than that (a key), or voided where it should not
 * be, or the other way round.
 */
export async function findStatement(
  db: Database | Transaction,
  applicationId: string,
  { id, isVoided, registration }: { id: string; isVoided: boolean; registration?: string | undefined },
): Promise<StatementRow | undefined> {
  const { rows } = await db.raw<{ rows: StatementRow[] }>(
    `select i.position, s.data::text as data
     from statement_ids i join statements s
       on s.application_id = i.application_id and s.position = i.position and s.match = i.position
     where i.application_id = :applicationId and i.statement_id = :id and s.voided = :isVoided
       and (:registration::uuid is null or s.registration = :registration)`,
    { applicationId, id, isVoided, registration: registration ?? null },
  );
  return rows[0];
}

/**
 * A moment of which it is known that all the application's statements that were stored before it are there: no writer holds the lock
 * under which they get their time. What is read after this has them.
 */
export async function findConsistentThrough(db: Database, applicationId: string): Promise<Date> {
  const { rows } = await db.raw<{ rows: { through: Date }[] }>(
    `with held as materialized (select pg_advisory_xact_lock_shared(7246000, hashtext(?)))
     select (select count(*) from held) as held, clock_timestamp() as through`,
    [applicationId],
  );
  return rows[0]!.through;
}

/** Names that an agent had as the actor of its latest statements. */
export async function listNames(db: Database, applicationId: string, agent: string): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { name: string }[] }>(
    `select distinct on (name) name, position from (
       select data #>> '{actor,name}' as name, position from statements s
       where s.application_id = :applicationId and s.agent = :agent and s.match = s.position and not s.voided
         and coalesce(data #>> '{actor,objectType}', 'Agent') = 'Agent'
       order by position desc limit 100
     ) latest where name is not null order by name, position desc`,
    { applicationId, agent },
  );
  return rows.map(({ name }) => name);
}
