import type { Knex } from 'knex';

/** Units of cmi5 courses can be waived (cmi5 9.3.7). */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table registration_activities add column waived_at timestamptz(3), add column waived_for text,
      add constraint registration_activities_waiver check ((waived_at is null) = (waived_for is null));
    comment on column registration_activities.waived_at is 'since then it counts as completed and passed, whatever its content says';
    comment on column registration_activities.waived_for is 'the reason that was given';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('alter table registration_activities drop column waived_at, drop column waived_for');
}
