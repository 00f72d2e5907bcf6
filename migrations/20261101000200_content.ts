import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table blobs (
      key text not null,
      sha256 bytea not null,
      size bigint not null,
      created_at timestamptz not null default now(),
      released_at timestamptz,
      constraint blobs_pkey primary key (key),
      constraint blobs_sha256_key unique (sha256)
    );
    create index blobs_released_idx on blobs (released_at) where released_at is not null;
    comment on column blobs.released_at is 'a reference was dropped then; it goes when no other is left';

    create table packages (
      blob_key text not null,
      entry_count integer not null,
      unpacked_size bigint not null,
      checked_at timestamptz not null default now(),
      constraint packages_pkey primary key (blob_key),
      constraint packages_blob_fkey foreign key (blob_key) references blobs (key)
    );
    comment on table packages is 'zips that were checked through, kept as they came';

    create table package_entries (
      package_key text not null,
      path text not null,
      data_offset bigint not null,
      compressed_size bigint not null,
      size bigint not null,
      deflated boolean not null,
      crc32 bigint not null,
      media_key text,
      constraint package_entries_pkey primary key (package_key, path),
      constraint package_entries_package_fkey foreign key (package_key) references packages (blob_key) on delete cascade,
      constraint package_entries_media_fkey foreign key (media_key) references blobs (key)
    );
    create index package_entries_media_idx on package_entries (media_key) where media_key is not null;
    comment on column package_entries.media_key is 'an uncompressed copy of deflated audio or video, because players ask for ranges';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table package_entries; drop table packages; drop table blobs;');
}
