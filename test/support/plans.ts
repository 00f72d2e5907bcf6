import type { Database } from '../../src/database/connection';

/** How Postgres carries out what `work` asks of it: EXPLAIN ANALYZE of every statement. */
export async function plansOf(db: Database, work: () => Promise<unknown>): Promise<string> {
  const statements: { sql: string; bindings: unknown[] }[] = [];
  const note = (query: { sql: string; bindings: unknown[] }): void => void statements.push(query);
  db.on('query', note);
  await work();
  db.removeListener('query', note);
  const plans: string[] = [];
  for (const { sql, bindings } of statements.filter((statement) => !isTransactional(statement))) {
    const explained = await db.raw<{ rows: { 'QUERY PLAN': string }[] }>(
      `explain (analyze, costs off, timing off) ${sql.replace(/\$\d+/g, '?')}`,
      bindings as string[],
    );
    plans.push(explained.rows.map((row) => row['QUERY PLAN']).join('\n'));
  }
  return plans.join('\n');
}

const isTransactional = ({ sql }: { sql: string }): boolean => /^(begin|commit|rollback)/i.test(sql);

/** How many rows any step of the plan touched, or threw away. */
export const mostRows = (plan: string): number =>
  Math.max(...[...plan.matchAll(/(?:rows=|Removed by Filter: )(\d+)/g)].map(([, rows]) => Number(rows)));
