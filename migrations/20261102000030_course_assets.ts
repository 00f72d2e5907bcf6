import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table course_assets (
      version_id uuid not null,
      path text not null,
      from_revision integer not null,
      to_revision integer,
      blob_key text,
      size bigint,
      created_at timestamptz not null default now(),
      constraint course_assets_pkey primary key (version_id, path, from_revision),
      constraint course_assets_revision_fkey foreign key (version_id, from_revision)
        references course_revisions (version_id, number) on delete cascade,
      constraint course_assets_blob_fkey foreign key (blob_key) references blobs (key),
      constraint course_assets_revisions_check check (from_revision < to_revision),
      constraint course_assets_size_check check ((blob_key is null) = (size is null))
    );
    create unique index course_assets_current_key on course_assets (version_id, path) where to_revision is null;
    create index course_assets_blob_idx on course_assets (blob_key) where blob_key is not null;
    comment on table course_assets is 'files that lie over a version''s package or media file, from a revision up to, not including, another';
    comment on column course_assets.to_revision is 'null: it still holds';
    comment on column course_assets.blob_key is 'null: the file is deleted';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table course_assets;');
}
