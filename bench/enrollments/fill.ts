import { v7 as uuid } from 'uuid';
import { insertApplication } from '../../src/applications/applications.store';
import type { Database } from '../../src/database/connection';
import { createProgram } from '../../src/programs/save-program';

const batch = 100_000;

const firstNames =
  'John Mary Anna Peter Maria Paul Laura James Emma Carlos Sofia David Julia Thomas Sarah Ahmed Fatima Chen Wei Yuki ' +
  'Olga Ivan Nina Lars Ingrid Pierre Claire Marco Giulia Hans Greta Tomas Zoe Aisha Omar Priya Ravi Kofi Ama Liam ' +
  'Noah Olivia Ava Lucas Mia Ethan Ella Henry Grace Oscar';

/** An application with learners: each first name is that of 2 %, each last name that of one in 4,096. */
async function addApplication(db: Database, learners: number): Promise<string> {
  const { id: applicationId } = await insertApplication(db, uuid(), `${learners} learners ${uuid()}`);
  for (let from = 0; from < learners; from += batch) {
    await db.raw(
      `with numbers as (
         select n, (string_to_array(:firstNames, ' '))[1 + (hashint8(n) & 65535) % 50] as first_name,
           initcap(translate(lpad(to_hex(hashint8(n * 7) & 4095), 3, '0'), '0123456789', 'lmnorstuvw')) || 'son' as last_name
         from generate_series(:from::bigint + 1, :to::bigint) as n
       ), named as (
         select *, lower(first_name || '.' || last_name || n || '@example.com') as email, 'staff-' || n as uid from numbers
       )
       insert into learners (application_id, uid, email, first_name, last_name, sort_name, search_text)
       select :applicationId, uid, email, first_name, last_name, lower(first_name || ' ' || last_name),
         lower(concat_ws(chr(10), first_name, last_name, uid, email))
       from named order by n`,
      { applicationId, firstNames, from, to: Math.min(from + batch, learners) },
    );
  }
  return applicationId;
}

/**
 * A program with so many enrollments, of as many learners: nine in ten live, and of the others half deleted, half superseded.
 * A fifth has no due date, a half no renewal; one in a thousand was updated in the last hour.
 */
async function addProgram(db: Database, applicationId: string, enrollments: number): Promise<number> {
  const program = { title: `${enrollments} enrollments`, items: [{ course_id: 'golf' }, { course_id: 'putting' }] };
  const { id: programId } = await createProgram(applicationId, program, { db, wake: () => undefined });
  const { rows } = await db.raw<{ rows: { first: number }[] }>(
    'select min(id) as first from learners where application_id = ?',
    [applicationId],
  );
  for (let from = 0; from < enrollments; from += batch) {
    await db.raw(
      `with numbers as (
         select n, (hashint8(n * 11) & 1048575) / 1048576.0 as one, (hashint8(n * 13) & 1048575) / 1048576.0 as other
         from generate_series(:from::bigint, :to::bigint - 1) as n
       ), made as (
         insert into enrollments (application_id, program_id, learner_id, settings, state, completed_at, created_at,
           updated_at, end_at, expires_at, course_due_at, renew_at, deleted_at, superseded_at, current_item_index,
           total_items, pending_approvals, progress, sort_name, search_text)
         select :applicationId, :programId, l.id, p.settings, case when n % 3 = 0 then 'complete' else 'active' end,
           case when n % 3 = 0 then now() end, timestamptz '2023-01-01' + n * interval '1 minute',
           case when n % 1000 = 7 then now() - one * interval '1 hour' else timestamptz '2024-01-01' + one * interval '1 year' end,
           case when n % 5 > 0 then timestamptz '2026-01-01' + other * interval '2 years' end,
           case when n % 2 = 0 then timestamptz '2028-01-01' + one * interval '2 years' end,
           case when n % 4 > 0 then timestamptz '2026-01-01' + one * interval '1 year' end,
           case when n % 2 = 0 then timestamptz '2028-01-01' + other * interval '2 years' end,
           case when n % 20 = 4 then timestamptz '2025-01-01' + one * interval '1 year' end,
           case when n % 20 = 14 then timestamptz '2025-01-01' + one * interval '1 year' end,
           n % 3, 2, 0, (n % 3) * 5000, l.sort_name, l.search_text
         from numbers join learners l on l.id = :first::bigint + n join programs p on p.id = :programId order by n
         returning id, learner_id
       )
       insert into enrollment_sources (enrollment_id) select id from made order by id`,
      { applicationId, programId, first: rows[0]!.first, from, to: Math.min(from + batch, enrollments) },
    );
  }
  return programId;
}

export interface FilledPrograms {
  applicationId: string;
  /** By the number of their enrollments. */
  programs: Map<number, number>;
}

/** A program of each size in one application, beside another application with one of the largest size's tenth. */
export async function fillPrograms(db: Database, sizes: readonly number[]): Promise<FilledPrograms> {
  const most = Math.max(...sizes);
  await db.raw('set statement_timeout = 0');
  const rebuild = await dropIndexes(db);
  const applicationId = await addApplication(db, most);
  const programs = new Map<number, number>();
  for (const size of sizes) programs.set(size, await addProgram(db, applicationId, size));
  const other = Math.ceil(most / 10);
  await addProgram(db, await addApplication(db, other), other);
  for (const definition of rebuild) await db.raw(definition);
  await db.raw('vacuum analyze learners, enrollments, enrollment_sources');
  return { applicationId, programs };
}

/** Without them a million rows are in sooner. Answers how to make them again. */
async function dropIndexes(db: Database): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { indexname: string; indexdef: string }[] }>(
    `select indexname, indexdef from pg_indexes where tablename = 'enrollments' and indexdef not like '%UNIQUE%'`,
  );
  for (const { indexname } of rows) await db.raw('drop index ??', [indexname]);
  return rows.map(({ indexdef }) => indexdef);
}
