import type { Knex } from 'knex';

/** Millisecond times, because tokens and rules reckon in them. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table registrations (
      id uuid not null,
      application_id uuid not null,
      course_id uuid not null,
      version_id uuid not null,
      revision integer not null,
      kind text not null,
      learner jsonb not null,
      current_activity text,
      sequencing text,
      completion text not null default 'unknown',
      success text not null default 'unknown',
      score double precision,
      progress double precision,
      seconds double precision not null default 0,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      constraint registrations_pkey primary key (id),
      constraint registrations_application_fkey foreign key (application_id) references applications (id) on delete cascade,
      constraint registrations_course_fkey foreign key (course_id) references courses (id) on delete cascade,
      constraint registrations_version_fkey foreign key (version_id) references course_versions (id) on delete cascade,
      constraint registrations_kind check (kind in ('preview', 'enrolled')),
      constraint registrations_completion check (completion in ('unknown', 'incomplete', 'completed')),
      constraint registrations_success check (success in ('unknown', 'passed', 'failed')),
      constraint registrations_score check (score between -1 and 1)
    );
    create index registrations_application_idx on registrations (application_id, id);
    create index registrations_course_idx on registrations (course_id, id);
    create index registrations_version_idx on registrations (version_id);
    comment on table registrations is 'a learner''s attempt at a version of a course: what launches of it leave, and begin with';
    comment on column registrations.learner is 'id and name, as content is told them';
    comment on column registrations.sequencing is 'state of SCORM 2004 sequencing, as the runtime wrote it';
    comment on column registrations.score is 'scaled: -1 to 1';

    create table registration_activities (
      registration_id uuid not null,
      activity_id text not null,
      cmi jsonb not null default '{}',
      completion text not null default 'unknown',
      success text not null default 'unknown',
      score double precision,
      progress double precision,
      seconds double precision not null default 0,
      attempts integer not null default 0,
      session_open boolean not null default false,
      updated_at timestamptz(3) not null default now(),
      constraint registration_activities_pkey primary key (registration_id, activity_id),
      constraint registration_activities_registration_fkey
        foreign key (registration_id) references registrations (id) on delete cascade
    );
    comment on column registration_activities.cmi is 'run-time data by element, as SCORM names them';
    comment on column registration_activities.seconds is 'of sessions that ended';
    comment on column registration_activities.session_open is 'content initialized and has not terminated';

    create table launches (
      id uuid not null,
      registration_id uuid not null,
      options jsonb not null,
      state text not null default 'unopened',
      link_expires_at timestamptz(3) not null,
      opened_at timestamptz(3),
      last_seen_at timestamptz(3),
      finished_at timestamptz(3),
      finished_by text,
      opening integer not null default 0,
      commit_opening integer not null default 0,
      commit_number integer not null default 0,
      created_at timestamptz(3) not null default now(),
      constraint launches_pkey primary key (id),
      constraint launches_registration_fkey foreign key (registration_id) references registrations (id) on delete cascade,
      constraint launches_state check (state in ('unopened', 'open', 'finished')),
      constraint launches_finished_by check (finished_by in ('exit', 'timeout'))
    );
    create index launches_registration_idx on launches (registration_id, id);
    create index launches_unopened_idx on launches (link_expires_at) where state = 'unopened';
    comment on column launches.opening is 'how often the player''s page was loaded';
    comment on column launches.commit_number is 'of the last commit that was kept, of the opening in commit_opening';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table launches; drop table registration_activities; drop table registrations');
}
