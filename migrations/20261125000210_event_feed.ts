import type { Knex } from 'knex';

/** How the feed works: docs/decisions/0013-event-feed.md. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table events (
      id text not null,
      program_id text not null,
      revision integer not null,
      position bigint not null,
      deleted boolean not null,
      hash bytea not null,
      constraint events_pkey primary key (id),
      constraint events_id_length check (length(id) between 1 and 200)
    ) with (fillfactor = 90);
    comment on table events is 'each event''s id, once; what it says lies in event_feed at its position';
    comment on column events.hash is 'of the content: the same again is no change';

    create table event_feed (
      position bigint not null,
      event_id text not null,
      program_id text not null,
      revision integer not null,
      previous bigint,
      deleted boolean not null,
      event_type text not null,
      member_id text not null,
      starts_at timestamptz not null,
      ends_at timestamptz not null,
      data json,
      reference_id text,
      constraint event_feed_pkey primary key (position)
    ) partition by range (position);
    create table event_feed_default partition of event_feed default;
    create index event_feed_program_idx on event_feed (program_id, position);
    create index event_feed_type_idx on event_feed (program_id, event_type, position);
    create index event_feed_member_idx on event_feed (program_id, member_id, position);
    create index event_feed_reference_idx on event_feed (program_id, reference_id, position) where reference_id is not null;
    comment on table event_feed is 'every revision of every event, in the order in which the store took them in';
    comment on column event_feed.position is 'microseconds since 1970 when it was taken in, made unique; ascends with commits';
    comment on column event_feed.previous is 'where the revision before lies';
    comment on column event_feed.deleted is 'a tombstone: type, member, reference and times are those of what was deleted';
    create sequence event_feed_position;
    comment on sequence event_feed_position is 'the last position that was given out';

    create table event_feed_pruned (
      id boolean not null default true,
      through bigint not null,
      constraint event_feed_pruned_pkey primary key (id),
      constraint event_feed_pruned_one_row check (id)
    );
    insert into event_feed_pruned (through) values (0);
    comment on column event_feed_pruned.through is 'the last position that retention has removed';

    create table hub_events (
      id bigint generated always as identity,
      application_id uuid not null,
      event_id uuid not null default gen_random_uuid(),
      event_type text not null,
      member_id text not null,
      happened_at timestamptz not null,
      data json not null,
      constraint hub_events_pkey primary key (id),
      constraint hub_events_application_fkey foreign key (application_id) references applications (id) on delete cascade
    );
    comment on table hub_events is 'the hub''s own events, written with what they tell of, until they are moved to the feed';

    -- The one way into the feed. input: a list of changes of different events, in the order in which they are to be taken in.
    -- Called alone, as a transaction of its own: the lock is held until the commit, so positions ascend with commits.
    create function append_events(input json) returns table (item integer, outcome text, revision integer, taken_at bigint)
    language plpgsql
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan
    as $$
    #variable_conflict use_column
    declare
      base bigint;
    begin
      if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'append_events has to see what was committed before it got the lock: READ COMMITTED';
      end if;
      perform pg_advisory_xact_lock(7245001);
      select greatest((extract(epoch from clock_timestamp()) * 1000000)::bigint, last_value + 1) into base from event_feed_position;
      perform setval('event_feed_position', base + json_array_length(input) - 1);
      return query
      with judged as materialized (
        select w.*, e.revision as now_revision, e.position as now_position,
          case
            when e.program_id <> w.program_id then 'other-program'
            when w.if_match is not null and (e.id is null or e.deleted or not (w.if_match = '{}' or e.revision = any (w.if_match)))
              then 'precondition'
            when w.if_none_match is not null and not e.deleted and (w.if_none_match = '{}' or e.revision = any (w.if_none_match))
              then 'precondition'
            when w.deleted and (e.id is null or e.deleted) then 'missing'
            when not e.deleted and not w.deleted and e.hash = w.hash::bytea then 'unchanged'
            else 'changed'
          end as verdict
        from json_to_recordset(input) as w (
          item integer, id text, program_id text, deleted boolean, hash text, event_type text, member_id text,
          starts_at timestamptz, ends_at timestamptz, data json, reference_id text, if_match integer[], if_none_match integer[]
        )
        left join events e on e.id = w.id
      ), kept as (
        insert into events as e (id, program_id, revision, position, deleted, hash)
        select j.id, j.program_id, coalesce(j.now_revision, 0) + 1, base + j.item, j.deleted, coalesce(j.hash, '')::bytea
        from judged j where j.verdict = 'changed'
        order by j.id
        on conflict (id) do update set
          revision = excluded.revision, position = excluded.position, deleted = excluded.deleted, hash = excluded.hash
      ), logged as (
        insert into event_feed (position, event_id, program_id, revision, previous, deleted, event_type, member_id,
          starts_at, ends_at, data, reference_id)
        select base + j.item, j.id, j.program_id, coalesce(j.now_revision, 0) + 1, j.now_position, j.deleted,
          coalesce(f.event_type, j.event_type), coalesce(f.member_id, j.member_id), coalesce(f.starts_at, j.starts_at),
          coalesce(f.ends_at, j.ends_at), j.data, case when j.deleted then f.reference_id else j.reference_id end
        from judged j
        left join event_feed f on j.deleted and f.position = j.now_position
        where j.verdict = 'changed'
        order by j.item
      )
      select j.item, j.verdict,
        case when j.verdict = 'changed' then coalesce(j.now_revision, 0) + 1 else j.now_revision end, base + j.item
      from judged j;
    end $$;

    -- The next positions of each program after one, each program's counted: from an index in their order, whatever the planner
    -- believes. Its guesses are for what is usual, and it would sort all that a program has to find its next few; therefore
    -- the settings, and >= and <= in place of =, without which it may take the order of an index by position alone and
    -- read past everybody else's.
    create function feed_positions(programs text[], kind text, value text, after bigint, most integer)
    returns table (place bigint, nth bigint) language plpgsql stable
    set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
    as $$
    #variable_conflict use_column
    begin
      if kind = 'program' then
        return query select l.* from unnest(programs) as p (id) cross join lateral (
          select f.position, row_number() over (order by f.program_id, f.position) from event_feed f
          where f.program_id >= p.id and f.program_id <= p.id
            and f.position > after and (f.program_id, f.position) > (p.id, after)
          order by f.program_id, f.position limit most
        ) l;
      elsif kind = 'type' then
        return query select l.* from unnest(programs) as p (id) cross join lateral (
          select f.position, row_number() over (order by f.program_id, f.event_type, f.position) from event_feed f
          where f.program_id >= p.id and f.program_id <= p.id and f.event_type >= value and f.event_type <= value
            and f.position > after and (f.program_id, f.event_type, f.position) > (p.id, value, after)
          order by f.program_id, f.event_type, f.position limit most
        ) l;
      elsif kind = 'member' then
        return query select l.* from unnest(programs) as p (id) cross join lateral (
          select f.position, row_number() over (order by f.program_id, f.member_id, f.position) from event_feed f
          where f.program_id >= p.id and f.program_id <= p.id and f.member_id >= value and f.member_id <= value
            and f.position > after and (f.program_id, f.member_id, f.position) > (p.id, value, after)
          order by f.program_id, f.member_id, f.position limit most
        ) l;
      elsif kind = 'reference' then
        return query select l.* from unnest(programs) as p (id) cross join lateral (
          select f.position, row_number() over (order by f.program_id, f.reference_id, f.position) from event_feed f
          where f.program_id >= p.id and f.program_id <= p.id and f.reference_id >= value and f.reference_id <= value
            and f.reference_id is not null and f.position > after and (f.program_id, f.reference_id, f.position) > (p.id, value, after)
          order by f.program_id, f.reference_id, f.position limit most
        ) l;
      else
        raise exception 'there is no index by %', kind;
      end if;
    end $$;

    -- Moves the hub's own events that were committed to the feed, the oldest first; answers how many.
    create function relay_hub_events(most integer) returns integer language plpgsql as $$
    declare
      input json;
    begin
      perform pg_advisory_xact_lock(7245001);
      with taken as (
        delete from hub_events where id in (select id from hub_events order by id limit most) returning *
      ), numbered as (
        select *, hub_program(application_id) as program, row_number() over (order by id) - 1 as item from taken
      )
      select json_agg(json_build_object(
        'item', item, 'id', program || '-' || event_id, 'program_id', program, 'deleted', false, 'hash', '',
        'event_type', event_type, 'member_id', member_id, 'starts_at', happened_at, 'ends_at', happened_at, 'data', data
      ) order by item) into input from numbered;
      if input is null then return 0; end if;
      perform append_events(input);
      return json_array_length(input);
    end $$;
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop function relay_hub_events(integer), feed_positions(text[], text, text, bigint, integer), append_events(json);
    drop table hub_events, event_feed_pruned, event_feed, events;
    drop sequence event_feed_position;
  `);
}
