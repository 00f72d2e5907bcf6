import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table applications (
      id uuid not null,
      name text not null,
      created_at timestamptz not null default now(),
      constraint applications_pkey primary key (id),
      constraint applications_name_key unique (name),
      constraint applications_name_length check (length(name) between 1 and 255)
    );

    create table api_keys (
      id text not null,
      application_id uuid,
      name text not null default '',
      secret_hash bytea not null,
      scopes text[] not null,
      programs text[] not null default '{}',
      is_demo boolean not null default false,
      created_at timestamptz not null default now(),
      expires_at timestamptz,
      revoked_at timestamptz,
      last_used_at timestamptz,
      constraint api_keys_pkey primary key (id),
      constraint api_keys_application_fkey foreign key (application_id) references applications (id) on delete cascade
    );
    create index api_keys_application_idx on api_keys (application_id, id);
    comment on column api_keys.application_id is 'null: an administrator of the hub';
    comment on column api_keys.programs is 'event-store programs that the key may publish for';
    comment on column api_keys.last_used_at is 'to the minute: it is not written on every request';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table api_keys; drop table applications;');
}
