import type { Knex } from 'knex';

/** Learners' registrations for a course and its versions: to count them, and to read the newest. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create index registrations_enrolled_idx on registrations (course_id, id) include (version_id) where kind = 'enrolled';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index registrations_enrolled_idx');
}
