import type { Knex } from 'knex';

/** How statements lie and are found: docs/decisions/0018-statements.md. Partitions by month are made while the hub runs. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table statement_ids (
      application_id uuid not null,
      statement_id uuid not null,
      position bigint not null,
      meaning bytea not null,
      constraint statement_ids_pkey primary key (application_id, statement_id)
    );
    comment on table statement_ids is 'a statement''s id is taken once; its position says where in statements it lies';
    comment on column statement_ids.meaning is 'a hash: a statement of the same id and meaning is the same again';

    create table statement_positions (
      application_id uuid not null,
      last bigint not null,
      constraint statement_positions_pkey primary key (application_id)
    ) with (fillfactor = 50);
    comment on table statement_positions is 'the last position that an application''s statements have';

    create table statements (
      application_id uuid not null,
      position bigint not null,
      match bigint not null,
      agent uuid,
      verb uuid not null,
      activity uuid,
      registration uuid,
      link uuid,
      voided boolean not null default false,
      data json
    ) partition by range (position);
    create table statements_default partition of statements default;
    create unique index statements_position_key on statements (application_id, position, match);
    create index statements_agent_idx on statements (agent, position) where agent is not null;
    create index statements_verb_idx on statements (verb, position);
    create index statements_activity_idx on statements (activity, position) where activity is not null;
    create index statements_registration_idx on statements (registration, position) where registration is not null;
    create index statements_link_idx on statements (link, position) where link is not null;
    comment on table statements is 'a row for each statement, and one for each that it refers to, directly or by way of others: by that it is found too';
    comment on column statements.position is 'microseconds since 1970 when it was stored, made unique; ascends with an application''s commits';
    comment on column statements.match is 'the position of the statement of which agent, verb, activity and registration are; its own in its own row';
    comment on column statements.agent is 'a hash of the application and the actor''s identifier; the others alike';
    comment on column statements.link is 'what in the hub the statement came of, as it was named by who stored it';
    comment on column statements.data is 'the whole statement, in its own row';

    create table statement_relations (
      key uuid not null,
      position bigint not null,
      match bigint not null,
      constraint statement_relations_pkey primary key (key, position, match)
    );
    comment on table statement_relations is 'further agents and activities by which a row of statements is found';

    create table statement_targets (
      application_id uuid not null,
      statement_id uuid not null,
      position bigint not null,
      target_id uuid not null,
      is_voiding boolean not null,
      constraint statement_targets_pkey primary key (application_id, statement_id)
    );
    create index statement_targets_target_idx on statement_targets (application_id, target_id, position);
    comment on table statement_targets is 'which statements have another one as their object, though it may be still to come';

    create table statement_activities (
      key uuid not null,
      application_id uuid not null,
      activity_id text not null,
      definition json not null,
      constraint statement_activities_pkey primary key (key)
    );
    comment on table statement_activities is 'all that statements have said of what an activity is';

    create table statement_attachments (
      application_id uuid not null,
      sha2 text not null,
      blob_key text not null,
      size bigint not null,
      constraint statement_attachments_pkey primary key (application_id, sha2),
      constraint statement_attachments_blob_fkey foreign key (blob_key) references blobs (key)
    );
    create index statement_attachments_blob_idx on statement_attachments (blob_key);

    create table statement_documents (
      scope uuid not null,
      registration text not null,
      document uuid not null,
      application_id uuid not null,
      resource text not null,
      document_id text not null,
      about json not null,
      content_type text not null,
      content bytea not null,
      etag text not null,
      updated_at timestamptz not null default clock_timestamp(),
      constraint statement_documents_pkey primary key (scope, registration, document),
      constraint statement_documents_application_fkey
        foreign key (application_id) references applications (id) on delete cascade
    );
    create index statement_documents_application_idx on statement_documents (application_id);
    comment on table statement_documents is 'what the state and profile resources of xAPI hold';
    comment on column statement_documents.scope is 'a hash of the application, the resource, and the activity and agent that about names';
    comment on column statement_documents.registration is 'of a state that belongs to one, else empty';
    comment on column statement_documents.document is 'a hash of document_id';
    comment on column statement_documents.etag is 'SHA-1 of the content, in hex';

    -- Stores statements of which none is there: the first gets the position that is answered, each other the next one. The locks are
    -- held until the commit, so an application's positions ascend with its commits. Fails with a violation of statement_ids_pkey
    -- where another process was first, and with HS001 where others refer to one of them and that was not to be. contents: JSON texts without their last brace.
    create function store_statements(
      applications uuid[], ids uuid[], meanings text[], agents text[], verbs uuid[], activities text[], registrations text[],
      links text[], timed text[], contents text[], relation_items integer[], relation_keys uuid[],
      may_be_targets boolean
    ) returns bigint
    language plpgsql
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan
    as $$
    declare
      base bigint;
      application uuid;
    begin
      for application in select distinct unnest(applications) order by 1 loop
        perform pg_advisory_xact_lock(7246000, hashtext(application::text));
      end loop;
      if not may_be_targets and exists (
        select from unnest(applications, ids) m (application_id, id)
        join statement_targets t on t.application_id = m.application_id and t.target_id = m.id
      ) then
        raise exception 'others refer to these statements' using errcode = 'HS001';
      end if;
      select greatest((extract(epoch from clock_timestamp()) * 1000000)::bigint, max(p.last) + 1) into base
        from statement_positions p where p.application_id = any (applications);
      insert into statement_positions (application_id, last)
        select distinct a, base + cardinality(ids) - 1 from unnest(applications) a order by a
        on conflict (application_id) do update set last = excluded.last;
      insert into statement_ids (application_id, statement_id, position, meaning)
        select m.application_id, m.id, base + m.nth - 1, decode(m.meaning, 'hex')
        from unnest(applications, ids, meanings) with ordinality m (application_id, id, meaning, nth)
        order by m.application_id, m.id;
      insert into statements (application_id, position, match, agent, verb, activity, registration, link, data)
        select m.application_id, m.position, m.position, m.agent::uuid, m.verb, m.activity::uuid, m.registration::uuid, m.link::uuid,
          (m.content || ',"stored":"' || m.stored || case when m.timed = 't' then '"}' else '","timestamp":"' || m.stored || '"}' end)::json
        from (
          select u.*, base + nth - 1 as position,
            to_char(to_timestamp((base + nth - 1) / 1000000) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.')
              || lpad(((base + nth - 1) % 1000000)::text, 6, '0') || 'Z' as stored
          from unnest(applications, agents, verbs, activities, registrations, links, timed, contents)
            with ordinality u (application_id, agent, verb, activity, registration, link, timed, content, nth)
        ) m;
      insert into statement_relations (key, position, match)
        select r.key, base + r.item, base + r.item from unnest(relation_items, relation_keys) r (item, key);
      return base;
    end $$;
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop function store_statements(uuid[], uuid[], text[], text[], uuid[], text[], text[], text[], text[], text[], integer[], uuid[],
      boolean);
    drop table statement_documents, statement_attachments, statement_activities, statement_targets, statement_relations, statements,
      statement_positions, statement_ids;
  `);
}
