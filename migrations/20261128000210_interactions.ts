import type { Knex } from 'knex';

/** Learners' registrations are new with this; what previews have is not counted. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table registration_activities add column interactions integer not null default 0;
    comment on column registration_activities.interactions is 'that the content recorded, in the attempt that has the most of them';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('alter table registration_activities drop column interactions');
}
