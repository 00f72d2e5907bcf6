import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table import_jobs (
      id uuid not null,
      application_id uuid not null,
      course_id text not null,
      may_create_new_version boolean not null,
      source text not null,
      source_url bytea,
      blob_key text,
      content_type text,
      file_name text,
      media_metadata jsonb,
      tags text[],
      postback_url bytea,
      status text not null default 'RUNNING',
      message text not null,
      package_key text,
      found json,
      result json,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      finished_at timestamptz,
      constraint import_jobs_pkey primary key (id),
      constraint import_jobs_application_fkey foreign key (application_id) references applications (id),
      constraint import_jobs_blob_fkey foreign key (blob_key) references blobs (key),
      constraint import_jobs_package_fkey foreign key (package_key) references packages (blob_key),
      constraint import_jobs_source_check check (source in ('upload', 'fetch', 'media-reference')),
      constraint import_jobs_status_check check (status in ('RUNNING', 'COMPLETE', 'ERROR')),
      constraint import_jobs_finished_check check ((status = 'RUNNING') = (finished_at is null)),
      constraint import_jobs_message_check check (message <> '')
    );
    create unique index import_jobs_new_course_key on import_jobs (application_id, course_id)
      where status = 'RUNNING' and not may_create_new_version;
    create index import_jobs_blob_idx on import_jobs (blob_key) where blob_key is not null;
    create index import_jobs_package_idx on import_jobs (package_key) where package_key is not null;
    create index import_jobs_finished_idx on import_jobs (finished_at) where finished_at is not null;
    create index import_jobs_running_idx on import_jobs (updated_at) where status = 'RUNNING';
    comment on index import_jobs_new_course_key is 'the reservation: one import of a new course id at a time';
    comment on column import_jobs.found is 'what reading the package found, until the version is published';
    comment on column import_jobs.source_url is 'encrypted: it may carry credentials';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table import_jobs;');
}
