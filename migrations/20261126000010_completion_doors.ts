import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table completion_mappings (
      application_id uuid not null,
      settings jsonb not null default '{}',
      version integer not null default 0,
      constraint completion_mappings_pkey primary key (application_id),
      constraint completion_mappings_application_fkey
        foreign key (application_id) references applications (id) on delete cascade
    );
    comment on table completion_mappings is 'applications of whose events completions are made: those that have had a learner or a program';
    comment on column completion_mappings.settings is 'which events complete what, where it is not the default';
    comment on column completion_mappings.version is 'for ETag and If-Match';

    create table completion_courses (
      application_id uuid not null,
      foreign_id text not null,
      course_id text not null,
      constraint completion_courses_pkey primary key (application_id, foreign_id),
      constraint completion_courses_mapping_fkey
        foreign key (application_id) references completion_mappings (application_id) on delete cascade,
      constraint completion_courses_lengths check (length(foreign_id) between 1 and 255 and length(course_id) between 1 and 255)
    );
    comment on table completion_courses is 'which course is meant by an id that events have';

    create table completion_queue (
      id bigint not null generated always as identity,
      application_id uuid not null,
      door text not null,
      event_id text not null,
      email text,
      learner text,
      course text not null,
      completed_at timestamptz not null,
      failed_at timestamptz,
      constraint completion_queue_pkey primary key (id)
    );
    create index completion_queue_application_idx on completion_queue (application_id, id) where failed_at is null;
    comment on table completion_queue is 'what events say was completed, written with them, until it is recorded; no foreign key, which would be looked up for each row';
    comment on column completion_queue.learner is 'whom the event names, and course what, as it was sent: who and what is meant is seen when it is recorded';
    comment on column completion_queue.failed_at is 'when it could not be recorded; set to null it is tried again';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table completion_queue, completion_courses, completion_mappings');
}
