import type { Knex } from 'knex';

/** Millisecond times, because the rules reckon in them and lists remember a page's last row by them. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table learners (
      id bigint not null generated always as identity,
      application_id uuid not null,
      uid text not null,
      email text,
      first_name text not null default '',
      last_name text not null default '',
      avatar_url text,
      sort_name text collate "C" not null,
      search_text text not null,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      constraint learners_pkey primary key (id),
      constraint learners_application_fkey foreign key (application_id) references applications (id) on delete cascade,
      constraint learners_lengths check (length(uid) between 1 and 255 and length(email) between 1 and 255
        and length(first_name) <= 255 and length(last_name) <= 255 and length(avatar_url) <= 2000)
    );
    create unique index learners_uid_key on learners (application_id, lower(uid));
    create unique index learners_email_key on learners (application_id, lower(email)) where email is not null;
    create index learners_application_idx on learners (application_id, id);
    comment on column learners.sort_name is 'what lists by name are in the order of; enrollments carry it, and search_text';
    comment on column learners.search_text is 'names, uid and email, a line each, in small letters without marks';

    create table programs (
      id bigint not null generated always as identity,
      application_id uuid not null,
      title text not null,
      description text,
      settings jsonb not null,
      version integer not null default 1,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      constraint programs_pkey primary key (id),
      constraint programs_application_fkey foreign key (application_id) references applications (id) on delete cascade,
      constraint programs_lengths check (length(title) between 1 and 255 and length(description) <= 10000)
    );
    create index programs_application_idx on programs (application_id, id);
    comment on table programs is 'Bridge''s: curricula. event_programs are something else';
    comment on column programs.version is 'for ETag and If-Match';

    create table program_items (
      id bigint not null generated always as identity,
      program_id bigint not null,
      position smallint not null,
      course_id text,
      title text,
      requires_approval boolean not null default false,
      days_until_due integer,
      waived_at timestamptz(3),
      removed_at timestamptz(3),
      constraint program_items_pkey primary key (id),
      constraint program_items_program_fkey foreign key (program_id) references programs (id) on delete cascade,
      constraint program_items_kind check ((course_id is null) = requires_approval and (course_id is not null or title is not null)),
      constraint program_items_lengths check (length(course_id) between 1 and 255 and length(title) between 1 and 255)
    );
    create unique index program_items_position_key on program_items (program_id, position) where removed_at is null;
    create index program_items_program_idx on program_items (program_id);
    create index program_items_course_idx on program_items (course_id) where course_id is not null;
    comment on column program_items.waived_at is 'its course was deleted: done for those enrolled, gone for later ones';
    comment on column program_items.removed_at is 'taken out of the program; those enrolled before still have it';

    create table learner_groups (
      id bigint not null generated always as identity,
      application_id uuid not null,
      name text not null,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      constraint learner_groups_pkey primary key (id),
      constraint learner_groups_application_fkey
        foreign key (application_id) references applications (id) on delete cascade,
      constraint learner_groups_name_length check (length(name) between 1 and 255)
    );
    create index learner_groups_application_idx on learner_groups (application_id, id);

    create table learner_group_members (
      group_id bigint not null,
      learner_id bigint not null,
      created_at timestamptz(3) not null default now(),
      constraint learner_group_members_pkey primary key (group_id, learner_id),
      constraint learner_group_members_group_fkey foreign key (group_id) references learner_groups (id) on delete cascade,
      constraint learner_group_members_learner_fkey foreign key (learner_id) references learners (id) on delete cascade
    );
    create index learner_group_members_learner_idx on learner_group_members (learner_id);

    create table program_groups (
      program_id bigint not null,
      group_id bigint not null,
      created_at timestamptz(3) not null default now(),
      constraint program_groups_pkey primary key (program_id, group_id),
      constraint program_groups_program_fkey foreign key (program_id) references programs (id) on delete cascade,
      constraint program_groups_group_fkey foreign key (group_id) references learner_groups (id) on delete cascade
    );
    create index program_groups_group_idx on program_groups (group_id);
    comment on table program_groups is 'groups whose members are enrolled in the program';

    create table enrollments (
      id bigint not null generated by default as identity,
      application_id uuid not null,
      program_id bigint not null,
      learner_id bigint not null,
      previous_id bigint,
      settings jsonb not null,
      counts_from timestamptz(3),
      state text not null,
      created_at timestamptz(3) not null,
      updated_at timestamptz(3) not null,
      end_at timestamptz(3),
      expires_at timestamptz(3),
      completed_at timestamptz(3),
      overdue_at timestamptz(3),
      expired_at timestamptz(3),
      superseded_at timestamptz(3),
      deleted_at timestamptz(3),
      presence text not null generated always as
        (case when deleted_at is not null then 'deleted' when superseded_at is not null then 'superseded' else 'live' end) stored,
      reminders_left smallint[] not null default '{}',
      current_item_index smallint not null,
      total_items smallint not null,
      pending_approvals smallint not null,
      progress smallint not null,
      course_due_at timestamptz(3),
      renew_at timestamptz(3),
      next_wake_at timestamptz(3),
      next_wake_for text,
      sort_name text collate "C" not null,
      search_text text not null,
      constraint enrollments_pkey primary key (id),
      constraint enrollments_program_fkey foreign key (program_id) references programs (id) on delete cascade,
      constraint enrollments_learner_fkey foreign key (learner_id) references learners (id) on delete cascade,
      constraint enrollments_state_check check (state in ('active', 'complete') and (state = 'complete') = (completed_at is not null)),
      constraint enrollments_wake_check check ((next_wake_at is null) = (next_wake_for is null))
    ) with (fillfactor = 85);
    create unique index enrollments_live_key on enrollments (program_id, learner_id)
      where deleted_at is null and superseded_at is null;
    create index enrollments_learner_idx on enrollments (learner_id, program_id, id);
    create index enrollments_wake_idx on enrollments (next_wake_at) where next_wake_at is not null;
    create index enrollments_name_idx on enrollments (program_id, presence, sort_name, id)
      include (search_text, created_at, updated_at, deleted_at, superseded_at);
    create index enrollments_progress_idx on enrollments (program_id, presence, progress, id)
      include (search_text, created_at, updated_at, deleted_at, superseded_at);
    create index enrollments_course_due_idx on enrollments (program_id, presence, coalesce(course_due_at, 'infinity'), id)
      include (course_due_at, search_text, created_at, updated_at, deleted_at, superseded_at);
    create index enrollments_due_idx on enrollments (program_id, presence, coalesce(end_at, 'infinity'), id)
      include (end_at, search_text, created_at, updated_at, deleted_at, superseded_at);
    create index enrollments_renew_idx on enrollments (program_id, presence, coalesce(renew_at, 'infinity'), id)
      include (renew_at, search_text, created_at, updated_at, deleted_at, superseded_at);
    create index enrollments_created_idx on enrollments (program_id, presence, created_at, id)
      include (search_text, updated_at, deleted_at, superseded_at);
    create index enrollments_updated_idx on enrollments (program_id, presence, updated_at, id)
      include (search_text, created_at, deleted_at, superseded_at);
    create index enrollments_deleted_idx on enrollments (program_id, presence, coalesce(deleted_at, superseded_at), id)
      include (search_text, created_at, updated_at, deleted_at, superseded_at) where presence <> 'live';
    create index enrollments_search_idx on enrollments using gin (program_id, search_text gin_trgm_ops)
      with (gin_pending_list_limit = 1024);
    comment on index enrollments_search_idx is 'each search reads what is pending of it: kilobytes';
    comment on index enrollments_name_idx is 'as the others of lists: filters are held against what it includes';
    comment on column enrollments.settings is 'the program''s when it was made; later changes of the program do not count';
    comment on column enrollments.previous_id is 'the enrollment that this one took the place of, or took up after its removal';
    comment on column enrollments.counts_from is 'completions before it do not count; null: all do';
    comment on column enrollments.end_at is 'when it is due; nothing ends then';
    comment on column enrollments.overdue_at is 'the end_at that was told of as missed';
    comment on column enrollments.expired_at is 'the expires_at that was told of';
    comment on column enrollments.superseded_at is 're-enrolled: another took its place';
    comment on column enrollments.reminders_left is 'days before end_at that are still to be reminded of';
    comment on column enrollments.current_item_index is 'the first item that is not done, from 0; total_items when all are';
    comment on column enrollments.progress is 'items done, in ten-thousandths of all';
    comment on column enrollments.course_due_at is 'of the current item';
    comment on column enrollments.renew_at is 'when it is re-enrolled';
    comment on column enrollments.next_wake_at is 'when time changes it next, and to what: what its workflow waits for';
    comment on column enrollments.sort_name is 'the learner''s, as search_text';

    create table enrollment_items (
      enrollment_id bigint not null,
      position smallint not null,
      item_id bigint not null,
      course_id text,
      title text,
      requires_approval boolean not null,
      due_at timestamptz(3),
      state text not null default 'pending',
      completed_at timestamptz(3),
      overdue_told boolean not null default false,
      constraint enrollment_items_pkey primary key (enrollment_id, position),
      constraint enrollment_items_state_check check (state in ('pending', 'complete', 'waived')
        and (state = 'pending') = (completed_at is null))
    ) with (fillfactor = 85);
    create index enrollment_items_pending_idx on enrollment_items (item_id, enrollment_id) where state = 'pending';
    comment on table enrollment_items is
      'written with their enrollment and never by themselves; a foreign key would take half of the time to write them';
    comment on column enrollment_items.item_id is 'the program''s, which may have been taken out of it since';

    create function delete_enrollment_items() returns trigger language plpgsql as $$
    begin
      delete from enrollment_items i using gone where i.enrollment_id = gone.id;
      return null;
    end $$;
    create trigger enrollments_items after delete on enrollments referencing old table as gone
      for each statement execute function delete_enrollment_items();

    create table enrollment_sources (
      enrollment_id bigint not null,
      group_id bigint,
      created_at timestamptz(3) not null default now(),
      constraint enrollment_sources_enrollment_fkey
        foreign key (enrollment_id) references enrollments (id) on delete cascade
    );
    create unique index enrollment_sources_key on enrollment_sources (enrollment_id, coalesce(group_id, 0));
    create index enrollment_sources_group_idx on enrollment_sources (group_id) where group_id is not null;
    comment on table enrollment_sources is 'why a learner is enrolled: without any left, no longer';
    comment on column enrollment_sources.group_id is 'null: individually';

    create table completions (
      id bigint not null generated always as identity,
      application_id uuid not null,
      learner_id bigint,
      email text,
      uid text,
      short_uid text,
      course_id text not null,
      completed_at timestamptz(3) not null,
      received_at timestamptz(3) not null,
      door text not null,
      source_id text not null,
      constraint completions_pkey primary key (id),
      constraint completions_source_key unique (application_id, door, source_id),
      constraint completions_application_fkey foreign key (application_id) references applications (id) on delete cascade,
      constraint completions_learner_fkey foreign key (learner_id) references learners (id) on delete cascade,
      constraint completions_door_check check (door in ('caliper', 'events', 'launch', 'hub')),
      constraint completions_identity_check check (learner_id is not null or email is not null or uid is not null)
    );
    create index completions_learner_idx on completions (learner_id, course_id, completed_at) where learner_id is not null;
    create index completions_email_idx on completions (application_id, email) where learner_id is null and email is not null;
    create index completions_uid_idx on completions (application_id, uid) where learner_id is null and uid is not null;
    create index completions_short_uid_idx on completions (application_id, short_uid)
      where learner_id is null and short_uid is not null;
    comment on table completions is 'kept whether or not anybody is enrolled, and whether or not the learner is known yet';
    comment on column completions.email is 'in small letters, as uid: whom it waits for while no such learner is there';
    comment on column completions.short_uid is 'the last segment of a uid that is an IRI: the learner may be known by that';
    comment on column completions.source_id is 'of the event, launch or request it came with: the same again is stored once';

    create table enrollment_history (
      id bigint not null generated always as identity,
      enrollment_id bigint not null,
      at timestamptz(3) not null,
      type text not null,
      detail jsonb not null default '{}',
      recorded_at timestamptz(3) not null default now(),
      constraint enrollment_history_pkey primary key (enrollment_id, id),
      constraint enrollment_history_enrollment_fkey
        foreign key (enrollment_id) references enrollments (id) on delete cascade
    );
    comment on table enrollment_history is 'all that happened to an enrollment; ids only, nothing personal';
    comment on column enrollment_history.at is 'when it happened; recorded_at is when the hub noticed';

    insert into event_types (type, description) values
      ('HUB_ENROLLMENT_CREATED', 'The hub: a learner was enrolled in a program'),
      ('HUB_ENROLLMENT_REMINDED', 'The hub: an enrollment is due soon'),
      ('HUB_ENROLLMENT_STEP_COMPLETED', 'The hub: an item of an enrollment was completed, approved or waived'),
      ('HUB_ENROLLMENT_STEP_OVERDUE', 'The hub: an item of an enrollment is past its due date'),
      ('HUB_ENROLLMENT_OVERDUE', 'The hub: an enrollment is past its due date'),
      ('HUB_ENROLLMENT_COMPLETED', 'The hub: an enrollment was completed'),
      ('HUB_ENROLLMENT_EXPIRED', 'The hub: an enrollment expired'),
      ('HUB_ENROLLMENT_RE_ENROLLED', 'The hub: a new enrollment took the place of one'),
      ('HUB_ENROLLMENT_REMOVED', 'The hub: an enrollment was removed'),
      ('HUB_ENROLLMENT_DATES_CHANGED', 'The hub: the dates of an enrollment were changed');
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    delete from event_types where type like 'HUB_ENROLLMENT_%';
    drop table enrollment_history, completions, enrollment_sources, enrollment_items, enrollments, program_groups,
      learner_group_members, learner_groups, program_items, programs, learners;
    drop function delete_enrollment_items();
  `);
}
