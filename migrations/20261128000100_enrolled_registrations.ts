import type { Knex } from 'knex';

/** Learners of the hub launch courses; what they complete is recorded once for each registration. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table registrations
      add column learner_id bigint,
      add column completed_at timestamptz(3),
      add constraint registrations_learner_fkey foreign key (learner_id) references learners (id) on delete cascade,
      add constraint registrations_learner_check check ((kind = 'enrolled') = (learner_id is not null));
    create index registrations_learner_idx on registrations (learner_id, course_id, id) where learner_id is not null;
    comment on column registrations.learner_id is 'of an enrolled one: whose it is; the newest of a course is the one that is launched';
    comment on column registrations.completed_at is 'of an enrolled one: when it first satisfied, which was recorded then as a completion';
    comment on table completion_queue is 'what events and launches say was completed, written with them, until it is recorded; no foreign key, which would be looked up for each row';
    comment on column completion_queue.event_id is 'of a launch: the registration';
    comment on column completion_queue.learner is 'whom the event names, and course what, as it was sent: who and what is meant is seen when it is recorded. Of a launch: the learner''s id';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    comment on table completion_queue is 'what events say was completed, written with them, until it is recorded; no foreign key, which would be looked up for each row';
    comment on column completion_queue.event_id is null;
    comment on column completion_queue.learner is 'whom the event names, and course what, as it was sent: who and what is meant is seen when it is recorded';
    alter table registrations drop column learner_id, drop column completed_at;
  `);
}
