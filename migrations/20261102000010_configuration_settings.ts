import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table configuration_settings (
      id bigint generated always as identity,
      application_id uuid,
      learning_standard text not null default '',
      course_id uuid,
      version_id uuid,
      setting_id text not null,
      value text not null,
      constraint configuration_settings_pkey primary key (id),
      constraint configuration_settings_application_key unique (application_id, learning_standard, setting_id),
      constraint configuration_settings_course_key unique (course_id, setting_id),
      constraint configuration_settings_version_key unique (version_id, setting_id),
      constraint configuration_settings_application_fkey
        foreign key (application_id) references applications (id) on delete cascade,
      constraint configuration_settings_course_fkey foreign key (course_id) references courses (id) on delete cascade,
      constraint configuration_settings_version_fkey
        foreign key (version_id) references course_versions (id) on delete cascade,
      constraint configuration_settings_owner check (num_nonnulls(application_id, course_id, version_id) = 1),
      constraint configuration_settings_standard check (learning_standard = '' or application_id is not null)
    );
    comment on table configuration_settings is 'one row for each value that was set, owned by one of the three';
    comment on column configuration_settings.learning_standard is 'of an application''s values: empty, for every standard';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table configuration_settings');
}
