import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table endpoints
      drop constraint endpoints_dialect_check,
      add constraint endpoints_dialect_check check (dialect in ('postback', 'loep', 'loep-json')),
      add column name text not null default '',
      add column url bytea,
      add column username text,
      add column password bytea,
      add column previous_secret bytea,
      add column previous_secret_until timestamptz,
      add column rate integer,
      add column state text not null default 'active',
      add column failures integer not null default 0,
      add column failing_since timestamptz,
      add column last_failure text,
      add column dying boolean not null default false,
      add column probes integer not null default 0,
      add column next_probe_at timestamptz,
      add column held_until timestamptz,
      add column version integer not null default 1,
      add column updated_at timestamptz not null default now(),
      add constraint endpoints_state_check
        check (state in ('active', 'paused', 'recovering', 'probing', 'disabled', 'deleted')),
      add constraint endpoints_rate_check check (rate between 1 and 10000),
      add constraint endpoints_url_check check (url is not null or dialect = 'postback'),
      add constraint endpoints_probe_check check (state not in ('recovering', 'probing') or next_probe_at is not null);
    drop index endpoints_postback_key;
    create unique index endpoints_postback_key on endpoints (application_id, origin) where url is null;
    create index endpoints_application_idx on endpoints (application_id, id);
    create index endpoints_held_idx on endpoints (shard, next_probe_at) where state in ('recovering', 'probing');
    comment on index endpoints_postback_key is 'postbacks come with a URL each; those to one origin share an endpoint';
    comment on column endpoints.url is 'encrypted, without credentials; null: each delivery has its own';
    comment on column endpoints.password is 'encrypted';
    comment on column endpoints.previous_secret is 'encrypted; signs beside the new one until previous_secret_until';
    comment on column endpoints.rate is 'requests a second; null: no limit';
    comment on column endpoints.state is 'recovering: it fails as a whole and is held back; probing: one delivery may try it';
    comment on column endpoints.failures is 'deliveries whose first attempt failed since the last success';
    comment on column endpoints.dying is 'a delivery has died since the last success';
    comment on column endpoints.held_until is 'the receiver asked for a rest (Retry-After)';
    comment on column endpoints.version is 'for If-Match';

    alter table deliveries
      drop constraint deliveries_state_check,
      drop constraint deliveries_finished_check,
      add constraint deliveries_state_check
        check (state in ('pending', 'blocked', 'retrying', 'delivered', 'dead', 'cancelled')),
      add constraint deliveries_finished_check
        check ((state in ('pending', 'blocked', 'retrying')) = (finished_at is null)),
      add column application_id uuid,
      add column replayed_after integer,
      alter column subject_id type text using subject_id::text,
      alter column url drop not null,
      alter column payload drop not null;
    update deliveries d set application_id = e.application_id from endpoints e where e.id = d.endpoint_id;
    alter table deliveries alter column application_id set not null;
    alter table deliveries alter column payload set storage external, set (toast_tuple_target = 256);
    drop index deliveries_order_idx;
    create index deliveries_order_idx on deliveries (endpoint_id, subject_kind, subject_id, position)
      where finished_at is null and replayed_after is null;
    create index deliveries_retrying_idx on deliveries (endpoint_id, next_attempt_at) where state = 'retrying';
    create index deliveries_application_idx on deliveries (application_id, id);
    create index deliveries_endpoint_idx on deliveries (endpoint_id, id);
    create index deliveries_subject_idx on deliveries (subject_id, id);
    create index deliveries_state_idx on deliveries (application_id, state, id) where state <> 'delivered';
    comment on column deliveries.state is 'blocked: an older one of its subject is not finished, as the drain has seen';
    comment on column deliveries.url is 'encrypted: it may carry credentials; null: the endpoint has it';
    comment on column deliveries.payload is 'as it is sent, byte for byte; null: a snapshot, computed when it is sent';
    comment on column deliveries.replayed_after is 'attempts made when it was last asked for again; null: never, and so in its subject''s order';

    alter table delivery_attempts add column request text;
    comment on column delivery_attempts.answer is 'the beginning of the body';
    comment on column delivery_attempts.request is 'the beginning of what was sent, where that was computed then';

    alter table outbox
      drop constraint outbox_signal_check,
      add constraint outbox_signal_check check (action = 'start' or signal is not null);
    comment on column outbox.signal is 'of a start: for the workflow that runs already';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    delete from outbox where action = 'start' and signal is not null;
    alter table outbox
      drop constraint outbox_signal_check,
      add constraint outbox_signal_check check ((action = 'signal') = (signal is not null));
    comment on column outbox.signal is null;

    alter table delivery_attempts drop column request;
    comment on column delivery_attempts.answer is 'the first 4 KB of the body';

    delete from endpoints where url is not null;
    delete from deliveries where payload is null or url is null or subject_kind <> 'import-job';
    update deliveries set state = 'pending' where state = 'blocked';
    drop index deliveries_order_idx, deliveries_retrying_idx, deliveries_application_idx, deliveries_endpoint_idx,
      deliveries_subject_idx, deliveries_state_idx;
    alter table deliveries
      drop constraint deliveries_state_check,
      drop constraint deliveries_finished_check,
      add constraint deliveries_state_check check (state in ('pending', 'retrying', 'delivered', 'dead', 'cancelled')),
      add constraint deliveries_finished_check check ((state in ('pending', 'retrying')) = (finished_at is null)),
      drop column application_id,
      drop column replayed_after,
      alter column subject_id type uuid using subject_id::uuid,
      alter column url set not null,
      alter column payload set not null;
    create index deliveries_order_idx on deliveries (endpoint_id, subject_kind, subject_id, position)
      where state in ('pending', 'retrying');
    comment on column deliveries.state is null;
    comment on column deliveries.url is 'encrypted: it may carry credentials';
    comment on column deliveries.payload is 'the body as it is sent, byte for byte';

    drop index endpoints_postback_key, endpoints_application_idx, endpoints_held_idx;
    alter table endpoints
      drop constraint endpoints_dialect_check,
      drop constraint endpoints_url_check,
      add constraint endpoints_dialect_check check (dialect in ('postback')),
      drop column name, drop column url, drop column username, drop column password, drop column previous_secret,
      drop column previous_secret_until, drop column rate, drop column state, drop column failures,
      drop column failing_since, drop column last_failure, drop column dying, drop column probes,
      drop column next_probe_at, drop column held_until, drop column version, drop column updated_at;
    create unique index endpoints_postback_key on endpoints (application_id, origin) where dialect = 'postback';
    comment on index endpoints_postback_key is 'postbacks come with a URL each; those to one origin share an endpoint';
  `);
}
