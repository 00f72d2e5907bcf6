import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table endpoints
      drop constraint endpoints_dialect_check,
      add constraint endpoints_dialect_check check (dialect in ('postback', 'loep', 'loep-json', 'events'));

    create table event_subscriptions (
      endpoint_id uuid not null,
      application_id uuid not null,
      programs text[],
      types text[],
      filter jsonb not null default '{}',
      position bigint not null,
      constraint event_subscriptions_pkey primary key (endpoint_id),
      constraint event_subscriptions_endpoint_fkey foreign key (endpoint_id) references endpoints (id) on delete cascade
    ) with (fillfactor = 70);
    create index event_subscriptions_position_idx on event_subscriptions (position);
    comment on table event_subscriptions is 'what of the event feed goes to an endpoint';
    comment on column event_subscriptions.programs is 'null: all that the application may read';
    comment on column event_subscriptions.types is 'null: all';
    comment on column event_subscriptions.filter is 'member to value or values, all of which an event has to have';
    comment on column event_subscriptions.position is 'in the feed: everything up to here is queued, or is not for it';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table event_subscriptions;
    delete from endpoints where dialect = 'events';
    alter table endpoints
      drop constraint endpoints_dialect_check,
      add constraint endpoints_dialect_check check (dialect in ('postback', 'loep', 'loep-json'));
  `);
}
