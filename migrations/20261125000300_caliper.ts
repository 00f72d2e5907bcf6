import type { Knex } from 'knex';

/** Partitions by month of receipt are made while the hub runs: src/caliper/event-months.ts. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table caliper_event_ids (
      application_id uuid not null,
      event_id uuid not null,
      event_time timestamptz not null,
      received_at timestamptz not null,
      constraint caliper_event_ids_pkey primary key (application_id, event_id)
    );
    comment on table caliper_event_ids is 'an event''s id is taken once; the times say where in caliper_events it lies';

    create table caliper_envelopes (
      received_at timestamptz not null,
      envelope_id uuid not null,
      application_id uuid not null,
      send_time timestamptz not null,
      sensor text not null,
      data bytea not null,
      constraint caliper_envelopes_pkey primary key (received_at, envelope_id)
    ) partition by range (received_at);
    alter table caliper_envelopes alter data set storage external;
    create table caliper_envelopes_default partition of caliper_envelopes default;
    comment on table caliper_envelopes is 'what came together; never changed';
    comment on column caliper_envelopes.data is 'the JSON of its events, one behind the other; not compressed, so that a piece can be read';

    create table caliper_events (
      application_id uuid not null,
      event_id uuid not null,
      event_time timestamptz not null,
      received_at timestamptz not null,
      envelope_id uuid not null,
      start integer not null,
      length integer not null,
      sensor_key bigint not null,
      actor_key bigint not null,
      email_key bigint
    ) partition by range (received_at);
    create table caliper_events_default partition of caliper_events default;
    create index caliper_events_time_idx on caliper_events (application_id, event_time, event_id);
    create index caliper_events_sensor_idx on caliper_events (sensor_key, event_time, event_id);
    create index caliper_events_actor_idx on caliper_events (actor_key, event_time, event_id);
    create index caliper_events_email_idx on caliper_events (email_key, event_time, event_id)
      where email_key is not null;
    comment on table caliper_events is 'where each lies in caliper_envelopes; no foreign key, which would be looked up for each row';
    comment on column caliper_events.start is 'in the envelope''s data, in bytes from 0, like length';
    comment on column caliper_events.sensor_key is 'hash of application and sensor; actor_key and email_key alike';

    create table caliper_entities (
      application_id uuid not null,
      entity_key text collate "C" not null,
      type text not null,
      sensor text not null,
      data json not null,
      changed_at timestamptz not null default now(),
      constraint caliper_entities_pkey primary key (application_id, entity_key),
      constraint caliper_entities_application_fkey
        foreign key (application_id) references applications (id) on delete cascade
    );
    comment on table caliper_entities is 'what was last said of an entity on its own';
    comment on column caliper_entities.entity_key is 'its id; where that is long, the beginning and a hash';

    create table caliper_totals (
      application_id uuid not null,
      learner text collate "C" not null,
      course_id text collate "C" not null,
      day date not null,
      xp numeric not null default 0,
      total_questions numeric not null default 0,
      correct_questions numeric not null default 0,
      mastered_units numeric not null default 0,
      active_seconds numeric not null default 0,
      inactive_seconds numeric not null default 0,
      waste_seconds numeric not null default 0,
      unknown_seconds numeric not null default 0,
      anti_pattern_seconds numeric not null default 0,
      constraint caliper_totals_pkey primary key (application_id, learner, course_id, day)
    ) with (fillfactor = 70);
    create index caliper_totals_course_idx on caliper_totals (application_id, course_id, learner, day);
    comment on table caliper_totals is 'sums over caliper_events, written with them';
    comment on column caliper_totals.learner is 'email in lower case, else the actor''s id; empty: all learners together';
    comment on column caliper_totals.course_id is 'as the events name it; empty: none';
    comment on column caliper_totals.day is 'of the event''s time, UTC';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table caliper_totals;
    drop table caliper_entities;
    drop table caliper_events;
    drop table caliper_envelopes;
    drop table caliper_event_ids;
  `);
}
