import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table endpoints (
      id uuid not null,
      application_id uuid not null,
      dialect text not null,
      origin text not null,
      signing_secret bytea not null,
      slots smallint not null default 10,
      shard smallint not null generated always as (get_byte(uuid_send(id), 15) % 8) stored,
      created_at timestamptz not null default now(),
      constraint endpoints_pkey primary key (id),
      constraint endpoints_application_fkey foreign key (application_id) references applications (id) on delete cascade,
      constraint endpoints_dialect_check check (dialect in ('postback')),
      constraint endpoints_slots_check check (slots between 1 and 100)
    );
    create unique index endpoints_postback_key on endpoints (application_id, origin) where dialect = 'postback';
    comment on index endpoints_postback_key is 'postbacks come with a URL each; those to one origin share an endpoint';
    comment on column endpoints.signing_secret is 'encrypted';
    comment on column endpoints.slots is 'requests to it at a time';

    create table deliveries (
      id uuid not null,
      position bigint not null generated always as identity,
      endpoint_id uuid not null,
      shard smallint not null,
      subject_kind text not null,
      subject_id uuid not null,
      url bytea not null,
      payload text not null,
      state text not null default 'pending',
      attempts integer not null default 0,
      lease_token bigint not null default 0,
      created_at timestamptz not null default now(),
      first_attempt_at timestamptz,
      next_attempt_at timestamptz,
      finished_at timestamptz,
      constraint deliveries_pkey primary key (id),
      constraint deliveries_endpoint_fkey foreign key (endpoint_id) references endpoints (id) on delete cascade,
      constraint deliveries_state_check check (state in ('pending', 'retrying', 'delivered', 'dead', 'cancelled')),
      constraint deliveries_retrying_check check ((state = 'retrying') = (next_attempt_at is not null)),
      constraint deliveries_finished_check check ((state in ('pending', 'retrying')) = (finished_at is null))
    ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
    create index deliveries_due_idx on deliveries (shard, endpoint_id, position) where state = 'pending';
    create index deliveries_order_idx on deliveries (endpoint_id, subject_kind, subject_id, position)
      where state in ('pending', 'retrying');
    comment on column deliveries.position is 'within a subject it follows commits: who writes a delivery holds its subject''s row lock';
    comment on column deliveries.url is 'encrypted: it may carry credentials';
    comment on column deliveries.payload is 'the body as it is sent, byte for byte';
    comment on column deliveries.lease_token is 'the lease under which it was claimed last; a claim only ever raises it';

    create table delivery_attempts (
      delivery_id uuid not null,
      number integer not null,
      attempted_at timestamptz not null,
      status smallint,
      latency_ms integer not null,
      answer text,
      error text,
      constraint delivery_attempts_pkey primary key (delivery_id, number),
      constraint delivery_attempts_delivery_fkey foreign key (delivery_id) references deliveries (id) on delete cascade,
      constraint delivery_attempts_outcome_check check ((status is null) = (error is not null))
    );
    comment on column delivery_attempts.answer is 'the first 4 KB of the body';

    create table delivery_leases (
      shard smallint not null,
      token bigint not null default 0,
      expires_at timestamptz not null default '-infinity',
      constraint delivery_leases_pkey primary key (shard),
      constraint delivery_leases_shard_check check (shard between 0 and 7)
    );
    insert into delivery_leases (shard) select generate_series(0, 7);
    comment on column delivery_leases.token is 'grows with every holder, so that a former one''s claims and results are told apart';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(
    'drop table delivery_leases; drop table delivery_attempts; drop table deliveries; drop table endpoints;',
  );
}
