import type { Knex } from 'knex';

/** What a workflow has still to do for enrollments can be found without it, so that a workflow that is lost leaves nothing undone. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table programs add column emptied_at timestamptz(3);
    create index programs_unemptied_idx on programs (deleted_at) where deleted_at is not null and emptied_at is null;
    comment on column programs.emptied_at is 'nobody is enrolled any more';
    alter table program_items add column settled_at timestamptz(3);
    create index program_items_unsettled_idx on program_items (waived_at) where waived_at is not null and settled_at is null;
    comment on column program_items.settled_at is 'all who were enrolled with the waived item have been told';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    alter table program_items drop column settled_at;
    alter table programs drop column emptied_at;
  `);
}
