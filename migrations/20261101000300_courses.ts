import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table courses (
      id uuid not null,
      application_id uuid not null,
      course_id text not null,
      title text not null,
      tags text[] not null default '{}',
      latest_version integer not null default 0,
      next_version integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      deleted_at timestamptz,
      constraint courses_pkey primary key (id),
      constraint courses_application_fkey foreign key (application_id) references applications (id),
      constraint courses_course_id_length check (length(course_id) between 1 and 255)
    );
    create unique index courses_course_id_key on courses (application_id, course_id) where deleted_at is null;
    create index courses_created_idx on courses (application_id, created_at, id) where deleted_at is null;
    comment on column courses.deleted_at is 'invisible from then on; a workflow removes the rows and the content';

    create table course_versions (
      id uuid not null,
      course_id uuid not null,
      version integer not null,
      title text not null,
      learning_standard text not null,
      xapi_activity_id text not null,
      identifier text not null,
      metadata jsonb not null,
      languages text[] not null,
      structure jsonb not null,
      revision integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint course_versions_pkey primary key (id),
      constraint course_versions_course_fkey foreign key (course_id) references courses (id) on delete cascade,
      constraint course_versions_version_key unique (course_id, version)
    );
    comment on column course_versions.structure is 'launch, activity tree and warnings: what a player is seeded from';

    create table course_revisions (
      version_id uuid not null,
      number integer not null,
      package_key text,
      file_key text,
      file_name text,
      file_type text,
      created_at timestamptz not null default now(),
      constraint course_revisions_pkey primary key (version_id, number),
      constraint course_revisions_version_fkey foreign key (version_id) references course_versions (id) on delete cascade,
      constraint course_revisions_package_fkey foreign key (package_key) references packages (blob_key),
      constraint course_revisions_file_fkey foreign key (file_key) references blobs (key)
    );
    create index course_revisions_package_idx on course_revisions (package_key);
    create index course_revisions_file_idx on course_revisions (file_key);
    comment on table course_revisions is 'immutable states of a version''s content; no package: a single file, or nothing but URLs';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table course_revisions; drop table course_versions; drop table courses;');
}
