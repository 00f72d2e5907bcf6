import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table programs add column deleted_at timestamptz(3);
    comment on column programs.deleted_at is 'its enrollments are removed by a workflow, and their records stay';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('alter table programs drop column deleted_at');
}
