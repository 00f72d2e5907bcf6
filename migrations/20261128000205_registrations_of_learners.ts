import type { Knex } from 'knex';

/** A learner's registrations for a course: by them what was said in their launches is found. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`create index registrations_told_learner_idx on registrations (course_id, (learner ->> 'id'), id)`);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index registrations_told_learner_idx');
}
