import { requireApplication } from '../applications/caller';
import { invalid } from '../errors';
import { pageOf, readPage } from '../http/hub-paging';
import { operation } from '../http/operation';
import { isTime } from './formats.rules';
import { searchKey } from './search-key.rules';
import { type Grouping, groupings, type Totals, TotalsList, TotalsQuery } from './totals.schemas';
import { listTotals, type TotalsRow } from './totals.store';

/** Emails are kept in lower case; an IRI is as it is. */
const learnerKey = (learner: string): string =>
  searchKey(learner.includes(':') ? learner.trim() : learner.trim().toLowerCase());

const isDay = (text: string): boolean => isTime(`${text}T00:00:00Z`);

function readDay(text: string | undefined, path: string): string | undefined {
  if (text === undefined || isDay(text)) return text;
  throw invalid('A day cannot be read.', { details: [{ path, message: 'must be a day such as 2026-01-31' }] });
}

const valuesOf = (row: TotalsRow, groups: readonly Grouping[]): string[] =>
  groups.map((group) => row[group === 'course' ? 'course_id' : group] ?? '');

function readCursor(after: string, groups: readonly Grouping[]): string[] | undefined {
  if (after === '') return undefined;
  const values = parsed(after);
  const fits = (value: unknown, index: number): boolean =>
    typeof value === 'string' && (groups[index] !== 'day' || isDay(value));
  if (Array.isArray(values) && values.length === groups.length && values.every(fits)) return values as string[];
  throw invalid('after is not the `next` of an earlier page of the same list; leave it out to begin at the first.');
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const presentTotals = ({ learner, course_id, day, ...row }: TotalsRow): Totals => ({
  ...(learner !== undefined && { learner }),
  ...(course_id !== undefined && { course_id: course_id === '' ? null : course_id }),
  ...(day !== undefined && { day }),
  xp: row.xp,
  questions: { total: row.total_questions, correct: row.correct_questions },
  mastered_units: row.mastered_units,
  seconds: {
    active: row.active_seconds,
    inactive: row.inactive_seconds,
    waste: row.waste_seconds,
    unknown: row.unknown_seconds,
    anti_pattern: row.anti_pattern_seconds,
  },
});

/** What learners did, summed up as events come in. */
export const totalsOperations = [
  operation({
    id: 'listTotals',
    summary: 'Sum up xp, questions, mastery and time spent, by learner, course and day',
    tag: 'Hub: totals',
    method: 'get',
    path: '/hub/v1/totals',
    scopes: ['read:hub'],
    query: TotalsQuery,
    status: 200,
    response: TotalsList,
    handle: async ({ query, caller }, { db }) => {
      const { limit, after, group_by: asked = groupings } = query;
      const groups = groupings.filter((group) => asked.includes(group));
      const page = readPage({ ...(limit !== undefined && { limit }), ...(after !== undefined && { after }) });
      const filter = {
        applicationId: requireApplication(caller),
        learner: query.learner === undefined ? undefined : learnerKey(query.learner),
        courseId: query.course_id === undefined ? undefined : searchKey(query.course_id.trim()),
        from: readDay(query.from, 'from'),
        to: readDay(query.to, 'to'),
      };
      const rows = await listTotals(db, filter, groups, {
        after: readCursor(page.after, groups),
        limit: page.limit + 1,
      });
      const { items: totals, ...next } = pageOf(
        rows,
        page,
        (row) => JSON.stringify(valuesOf(row, groups)),
        presentTotals,
      );
      return { totals, ...next };
    },
  }),
];
