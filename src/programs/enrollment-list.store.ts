import type { Database, Transaction } from '../database/connection';
import type {
  EnrollmentListFilter,
  EnrollmentPosition,
  Presence,
  SortKey,
  TimeField,
  TimeRange,
} from './enrollment-list.rules';
import type { EnrollmentState } from './enrollment.rules';

/*
 * How a page is found at a cost that does not grow with the program (docs/decisions/0017). Every sort has an index that ends
 * in the id and holds what filters ask about. Rows are looked through in it, in the list's order: what matches often is found
 * there. What matches seldom is collected by the condition's own index, and sorted. What is too much for that is looked for
 * further along the order, up to a limit: such a page may be short, and says where to go on.
 */

/** How many rows a page may cost. */
export interface ListBudget {
  /** That are looked through at first, beyond those that fill the page. */
  near: number;
  /** With so many matches among them, the others are looked for in the order too. */
  enough: number;
  /** That are collected by a condition's index: each is read from the table, which takes several times as long. */
  collected: { learner: number; time: number; words: number };
  /** That are looked through beyond the first ones. */
  far: number;
}

const usualBudget: ListBudget = {
  near: 2000,
  enough: 10,
  collected: { learner: 5000, time: 5000, words: 20_000 },
  far: 15_000,
};

type Bindings = Readonly<Record<string, string | number | Date>>;

interface Conditions {
  sql: string;
  bindings: Bindings;
}

const all = (conditions: readonly Conditions[]): Conditions => ({
  sql: conditions.map(({ sql }) => sql).join(' and ') || 'true',
  bindings: Object.assign({}, ...conditions.map(({ bindings }) => bindings)) as Bindings,
});

interface Key {
  sql: string;
  type: 'text' | 'smallint' | 'timestamptz';
}

/** What the indexes are in the order of; what has no date comes last. */
const keys: Readonly<Record<SortKey, Key>> = {
  name: { sql: 'sort_name', type: 'text' },
  progress: { sql: 'progress', type: 'smallint' },
  course_due_date: { sql: `coalesce(course_due_at, 'infinity')`, type: 'timestamptz' },
  due_date: { sql: `coalesce(end_at, 'infinity')`, type: 'timestamptz' },
  renew_date: { sql: `coalesce(renew_at, 'infinity')`, type: 'timestamptz' },
  created: { sql: 'created_at', type: 'timestamptz' },
  updated: { sql: 'updated_at', type: 'timestamptz' },
  deleted: { sql: 'coalesce(deleted_at, superseded_at)', type: 'timestamptz' },
};

function inTime(field: TimeField, { after, before }: TimeRange): Conditions {
  const { sql } = keys[field];
  return all([
    ...(after ? [{ sql: `${sql} > :${field}_after`, bindings: { [`${field}_after`]: after } }] : []),
    ...(before ? [{ sql: `${sql} < :${field}_before`, bindings: { [`${field}_before`]: before } }] : []),
  ]);
}

/** Text for a LIKE pattern, in which `%`, `_` and `\` mean themselves. */
const literal = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** The values that are searched are the lines of `search_text`. */
function contains(word: string, name: string): Conditions {
  const pattern = literal(word);
  if (word.length > 2) return { sql: `search_text like :${name}`, bindings: { [name]: `%${pattern}%` } };
  return {
    sql: `(search_text like :${name} or search_text like :${name}_line)`,
    bindings: { [name]: `${pattern}%`, [`${name}_line`]: `%\n${pattern}%` },
  };
}

/** Whether the index, which goes by three letters or digits in a row or the first ones of a word, can find it. */
const isIndexed = (word: string): boolean => /[\p{L}\p{N}]{3}/u.test(word) || /^[\p{L}\p{N}]{1,2}$/u.test(word);

/** A condition beside the list's order. */
interface Filter extends Conditions {
  /** Whose index finds what fits; none for words that no index knows. */
  by?: keyof ListBudget['collected'];
  /** What that index is in the order of. */
  order?: string;
  /** What it is asked, where that is less than the condition. */
  asked?: Conditions;
}

/** A list as SQL asks for it. */
interface List {
  programId: number;
  presences: readonly Presence[];
  key: Key;
  direction: 'asc' | 'desc';
  /** What the index of its order finds. */
  range: Conditions;
  /** The same beyond a place in it, where `range` begins already: the index would be read from there. */
  rest: Conditions;
  /** What is held against each row, the sharpest first. */
  filters: readonly Filter[];
}

function listOf({ programId, presences, sort, times, words, learnerId }: EnrollmentListFilter): List {
  const ranges = Object.entries(times) as [TimeField, TimeRange][];
  const sorted = ranges.filter(([field]) => field === sort.key);
  const others = ranges.filter(([field]) => field !== sort.key);
  return {
    programId,
    presences,
    key: keys[sort.key],
    direction: sort.descending ? 'desc' : 'asc',
    range: all(sorted.map((range) => inTime(...range))),
    // Orders by time are ascending.
    rest: all(sorted.map(([field, { before }]) => inTime(field, before ? { before } : {}))),
    filters: [
      ...(learnerId === undefined ? [] : [ofLearner(learnerId)]),
      ...others.map(([field, range]): Filter => ({ ...inTime(field, range), by: 'time', order: keys[field].sql })),
      ...(words.length === 0 ? [] : [withWords(words)]),
    ],
  };
}

const ofLearner = (learnerId: number): Filter => ({
  sql: 'learner_id = :learnerId',
  bindings: { learnerId },
  by: 'learner',
});

function withWords(words: readonly string[]): Filter {
  const whole = all(words.map((word, nth) => contains(word, `word_${nth}`)));
  if (!words.some(isIndexed)) return whole;
  const parts = words.map(sharpestPart);
  const asked = all(parts.map((part, nth) => contains(part, `part_${nth}`)));
  return { ...whole, by: 'words', ...(parts.some((part, nth) => part !== words[nth]) && { asked }) };
}

/** Of an email the part before the @: what follows many have, which makes it slow to find. */
const sharpestPart = (word: string): string => {
  const [local = ''] = word.split('@');
  return isIndexed(local) && local.length > 2 ? local : word;
};

/** A list's rows, from a place in it on. */
const rowsAfter = ({ key, direction, range, rest }: List, after: EnrollmentPosition | undefined): Conditions =>
  after === undefined
    ? range
    : all([
        rest,
        {
          sql: `(${key.sql}, id) ${direction === 'asc' ? '>' : '<'} (:afterKey::${key.type}, :afterId::bigint)`,
          bindings: { afterKey: after.key, afterId: after.id },
        },
      ]);

interface Sight {
  /** What fits, in the list's order, as far as it is wanted. */
  found: EnrollmentPosition[];
  /** How many rows were looked at, and the last of them; undefined where all that is wanted was found before. */
  end: (EnrollmentPosition & { nth: number }) | undefined;
}

/** The rows that `branch` selects of each presence: an index that begins with it is in order within one alone. */
const ofEach = ({ presences }: List, branch: (presence: string) => string): string =>
  presences
    .map((presence) => `(${branch(`program_id = :programId and presence = '${presence}'`)})`)
    .join(' union all ');

const orderOf = ({ direction }: List): string => `order by key ${direction}, id ${direction}`;

type Connection = Database | Transaction;

/** Where a page begins, how many rows it takes, and what it may cost. */
interface PageWanted {
  after: EnrollmentPosition | undefined;
  wanted: number;
  budget: ListBudget;
}

/** Looks through the next rows in the list's order, and no further than it has to. */
async function lookThrough(
  db: Connection,
  list: List,
  most: number,
  { after, wanted }: Omit<PageWanted, 'budget'>,
): Promise<Sight> {
  const fits = all(list.filters);
  const from = rowsAfter(list, after);
  const source = ofEach(
    list,
    (of) =>
      `select id, ${list.key.sql} as key, ${fits.sql} as fits from enrollments where ${of} and ${from.sql}
       ${orderOf(list)} limit :most`,
  );
  // What is materialized grows as it is read: the second branch is reached only where the first finds too little.
  const { rows } = await db.raw<{ rows: (EnrollmentPosition & { nth: number; is_end: boolean })[] }>(
    `with looked as materialized (
       select *, row_number() over () as nth
       from (select * from (${source}) as each ${orderOf(list)} limit :most) as ordered
     )
     select * from (
       (select id, key::text as key, nth, false as is_end from looked where fits)
       union all
       (select id, key::text, nth, true from looked order by nth desc limit 1)
     ) as seen limit :wanted`,
    { ...from.bindings, ...fits.bindings, programId: list.programId, most, wanted },
  );
  return { found: rows.filter(({ is_end }) => !is_end), end: rows.find(({ is_end }) => is_end) };
}

/** Whether an index that is in order has more than so many rows: counted in it alone, before rows are read from the table. */
async function hasMore(
  db: Connection,
  list: List,
  { asked, order }: { asked: Conditions; order: string },
  most: number,
): Promise<boolean> {
  const source = ofEach(
    list,
    (of) => `select ${order} from enrollments where ${of} and ${asked.sql} order by ${order} limit :most`,
  );
  const { rows } = await db.raw<{ rows: { count: number }[] }>(`select count(*) from (${source}) as each`, {
    ...asked.bindings,
    programId: list.programId,
    most: most + 1,
  });
  return rows[0]!.count > most;
}

/** Collects what fits by the index of a filter; undefined where that finds too much. */
async function collect(
  db: Connection,
  list: List,
  filter: IndexedFilter,
  { after, wanted, budget }: PageWanted,
): Promise<EnrollmentPosition[] | undefined> {
  const { by, order, asked = filter } = filter;
  const most = budget.collected[by];
  if (order !== undefined && (await hasMore(db, list, { asked, order }, most))) return undefined;
  const fits = all([rowsAfter(list, after), ...list.filters.filter((each) => each !== asked)]);
  const source = ofEach(
    list,
    (of) =>
      `select id, ${list.key.sql} as key, ${fits.sql} as fits from enrollments where ${of} and ${asked.sql}
       ${order === undefined ? '' : `order by ${order}`} limit :most`,
  );
  // Sorted by the column by its full name: the key alone would be the text that is answered.
  const { rows } = await db.raw<{ rows: (EnrollmentPosition & { collected: number | null })[] }>(
    `with collected as materialized (${source})
     (select id, key::text as key, null as collected from collected where fits
      order by collected.key ${list.direction}, id ${list.direction} limit :wanted)
     union all
     (select null, null, count(*) from collected)`,
    { ...asked.bindings, ...fits.bindings, programId: list.programId, most: most + 1, wanted },
  );
  const total = rows.find(({ collected }) => collected !== null);
  return total!.collected! > most ? undefined : rows.filter((row) => row !== total);
}

/**
 * The same from the index of words alone: any other would have to read the whole program for them. A database whose character
 * type is C indexes words of letters outside ASCII under nothing.
 */
const collectByWords: typeof collect = async (db, list, filter, page) =>
  db.transaction(async (tx) => {
    const { rows } = await tx.raw<{ rows: { is_known: boolean }[] }>(
      `select bool_and(set_config('enable_' || scan, 'off', true) = 'off') and show_trgm(:patterns) <> '{}' as is_known
       from unnest(array['seqscan', 'indexscan', 'indexonlyscan']) as scan`,
      { patterns: Object.values((filter.asked ?? filter).bindings).join(' ') },
    );
    return rows[0]!.is_known ? collect(tx, list, filter, page) : undefined;
  });

type IndexedFilter = Filter & Required<Pick<Filter, 'by'>>;

const hasIndex = (filter: Filter): filter is IndexedFilter => filter.by !== undefined;

/** By the first filter that finds few enough. */
async function collectAny(db: Database, list: List, page: PageWanted): Promise<EnrollmentPosition[] | undefined> {
  for (const filter of list.filters.filter(hasIndex)) {
    const found = await (filter.by === 'words' ? collectByWords : collect)(db, list, filter, page);
    if (found) return found;
  }
  return undefined;
}

export interface FoundPage {
  found: EnrollmentPosition[];
  /** Where the next page goes on; undefined after the last. */
  next?: EnrollmentPosition;
}

/** The places of a page of a program's enrollments. It may be short, and still not be the last. */
export async function findEnrollmentPage(
  db: Database,
  filter: EnrollmentListFilter,
  { after, limit }: { after: EnrollmentPosition | undefined; limit: number },
  budget: ListBudget = usualBudget,
): Promise<FoundPage> {
  const list = listOf(filter);
  // One more than is shown: whether another page follows.
  const wanted = limit + 1;
  const page = { after, wanted, budget };
  const [sharpest] = list.filters;
  if (sharpest?.by === 'learner' && hasIndex(sharpest)) {
    const found = await collect(db, list, sharpest, page);
    if (found) return cut(found, limit);
  }
  const most = sharpest === undefined ? wanted : budget.near + wanted;
  const near = await lookThrough(db, list, most, page);
  if (isWhole(near, most)) return cut(near.found, limit);
  if (near.found.length < budget.enough) {
    const found = await collectAny(db, list, page);
    if (found) return cut(found, limit);
  }
  const far = await lookThrough(db, list, budget.far, { after: near.end, wanted: wanted - near.found.length });
  const found = [...near.found, ...far.found];
  return isWhole(far, budget.far) ? cut(found, limit) : { found, next: far.end! };
}

/** Whether all that is wanted was found, or all that there is. */
const isWhole = ({ end }: Sight, most: number): boolean => end === undefined || end.nth < most;

const cut = (found: readonly EnrollmentPosition[], limit: number): FoundPage => ({
  found: found.slice(0, limit),
  ...(found.length > limit && { next: found[limit - 1]! }),
});

/** An enrollment as a list shows it, with its learner. */
export interface ListedEnrollment {
  id: number;
  learner_id: number;
  uid: string;
  first_name: string;
  last_name: string;
  email: string | null;
  avatar_url: string | null;
  state: EnrollmentState;
  current_item_index: number;
  total_items: number;
  pending_approvals: number;
  course_due_at: Date | null;
  /** Of the groups that are a source of it. */
  group_ids: string[];
  created_at: Date;
  updated_at: Date;
  end_at: Date | null;
  expires_at: Date | null;
  completed_at: Date | null;
  deleted_at: Date | null;
  superseded_at: Date | null;
}

/** Enrollments with their learners, in the order of the ids. */
export async function findListed(db: Connection, ids: readonly number[]): Promise<ListedEnrollment[]> {
  const { rows } = await db.raw<{ rows: ListedEnrollment[] }>(
    `select e.id, e.learner_id, l.uid, l.first_name, l.last_name, l.email, l.avatar_url, e.state, e.current_item_index,
       e.total_items, e.pending_approvals, e.course_due_at, e.created_at, e.updated_at, e.end_at, e.expires_at,
       e.completed_at, e.deleted_at, e.superseded_at,
       array(select group_id::text from enrollment_sources
         where enrollment_id = e.id and group_id is not null order by group_id) as group_ids
     from enrollments e join learners l on l.id = e.learner_id where e.id = any (:ids::bigint[])`,
    { ids },
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
}
