import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table applications add column number integer not null generated always as identity,
      add constraint applications_number_key unique (number);
    comment on column applications.number is 'where an API wants an integer: app_id in LOEP';

    create table learning_objects (
      id bigint not null generated always as identity,
      application_id uuid not null,
      repository text not null,
      id_repository text,
      course_id text,
      url text not null,
      name text not null,
      description text,
      lotype text not null default 'unspecified',
      technology text not null default 'unspecified',
      language_id smallint,
      has_text boolean,
      has_images boolean,
      has_videos boolean,
      has_audios boolean,
      has_quizzes boolean,
      has_webs boolean,
      has_flash_objects boolean,
      has_applets boolean,
      has_documents boolean,
      has_flashcards boolean,
      has_virtual_tours boolean,
      has_enriched_videos boolean,
      scope text not null default 'Private',
      metadata_url text,
      tags text[] not null default '{}',
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint learning_objects_pkey primary key (id),
      constraint learning_objects_application_fkey
        foreign key (application_id) references applications (id) on delete cascade,
      constraint learning_objects_scope_check check (scope in ('Private', 'Protected', 'Public'))
    );
    create unique index learning_objects_repository_key
      on learning_objects (application_id, repository, id_repository) where id_repository is not null;
    create index learning_objects_application_idx on learning_objects (application_id, id);
    create index learning_objects_in_repository_idx on learning_objects (application_id, repository, id);
    create index learning_objects_id_repository_idx on learning_objects (application_id, id_repository, id);
    create index learning_objects_course_idx on learning_objects (application_id, course_id, id)
      where course_id is not null;
    comment on column learning_objects.id_repository is 'the application''s own id of it; LOEP callbacks go to it';
    comment on column learning_objects.course_id is 'the application''s id of a course: it stays when the course is deleted and imported again';
    comment on column learning_objects.language_id is 'place in the hub''s list of ISO 639-1 codes, from 1';

    create table model_totals (
      learning_object_id bigint not null,
      model text not null,
      pending integer not null default 0,
      completed integer not null default 0,
      rejected integer not null default 0,
      evaluations integer not null default 0,
      completed_evaluations integer not null default 0,
      item_sums integer[] not null,
      item_counts integer[] not null,
      constraint model_totals_pkey primary key (learning_object_id, model),
      constraint model_totals_learning_object_fkey
        foreign key (learning_object_id) references learning_objects (id) on delete cascade,
      constraint model_totals_check check (least(pending, completed, rejected, evaluations, completed_evaluations) >= 0)
    ) with (fillfactor = 70);
    comment on table model_totals is 'what an object''s assignments and evaluations add up to; changed with them, under the object''s row lock';
    comment on column model_totals.pending is 'assignments, as completed and rejected';
    comment on column model_totals.item_counts is 'how many valid values each item has: not -1, not null';

    create table assignments (
      id bigint not null generated always as identity,
      learning_object_id bigint not null,
      model text not null,
      reviewer text not null,
      status text not null default 'Pending',
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint assignments_pkey primary key (id),
      constraint assignments_learning_object_fkey
        foreign key (learning_object_id) references learning_objects (id) on delete cascade,
      constraint assignments_status_check check (status in ('Pending', 'Completed', 'Rejected'))
    );
    create unique index assignments_pending_key on assignments (learning_object_id, model, reviewer)
      where status = 'Pending';
    create index assignments_learning_object_idx on assignments (learning_object_id, id);

    create table evaluations (
      id bigint not null generated always as identity,
      learning_object_id bigint not null,
      model text not null,
      reviewer text not null,
      items smallint[] not null,
      texts text[] not null,
      comments text,
      has_words boolean not null
        generated always as (comments is not null or array_length(array_remove(texts, null), 1) is not null) stored,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint evaluations_pkey primary key (id),
      constraint evaluations_learning_object_fkey
        foreign key (learning_object_id) references learning_objects (id) on delete cascade
    );
    create unique index evaluations_reviewer_key on evaluations (learning_object_id, model, reviewer)
      where model <> 'WBLT-S';
    comment on index evaluations_reviewer_key is 'of the models, WBLT-S alone takes several evaluations by one reviewer';
    create index evaluations_learning_object_idx on evaluations (learning_object_id, id);
    create index evaluations_words_idx on evaluations (learning_object_id, model, id) where has_words;
    comment on column evaluations.items is 'as the model numbers them: -1 does not fit the object, null is not answered';

    create table received_learning_objects (
      id bigint not null generated always as identity,
      application_id uuid not null,
      target_id text not null,
      key_id text not null,
      course_id text,
      learning_object_id bigint,
      id_loep bigint,
      lo json not null,
      scores json not null,
      received_at timestamptz not null default now(),
      changed_at timestamptz not null default now(),
      constraint received_learning_objects_pkey primary key (id),
      constraint received_learning_objects_target_key unique (application_id, target_id, key_id),
      constraint received_learning_objects_application_fkey
        foreign key (application_id) references applications (id) on delete cascade,
      constraint received_learning_objects_key_fkey foreign key (key_id) references api_keys (id) on delete cascade,
      constraint received_learning_objects_learning_object_fkey
        foreign key (learning_object_id) references learning_objects (id) on delete set null
    );
    create index received_learning_objects_application_idx on received_learning_objects (application_id, id);
    create index received_learning_objects_course_idx on received_learning_objects (application_id, course_id, id)
      where course_id is not null;
    create index received_learning_objects_key_idx on received_learning_objects (key_id);
    create index received_learning_objects_learning_object_idx on received_learning_objects (learning_object_id)
      where learning_object_id is not null;
    comment on table received_learning_objects is 'what other LOEP servers said last, each with a key of its own';
    comment on column received_learning_objects.target_id is 'the id they said it under: a course''s, or an id_repository';
    comment on column received_learning_objects.lo is 'as it came, its members in their order';

    create table received_scores (
      id bigint not null generated always as identity,
      received_learning_object_id bigint not null,
      scores json not null,
      received_at timestamptz not null default now(),
      constraint received_scores_pkey primary key (id),
      constraint received_scores_received_fkey
        foreign key (received_learning_object_id) references received_learning_objects (id) on delete cascade
    );
    create index received_scores_received_idx on received_scores (received_learning_object_id, id);
    comment on table received_scores is 'a row for every change of a score';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table received_scores;
    drop table received_learning_objects;
    drop table evaluations;
    drop table assignments;
    drop table model_totals;
    drop table learning_objects;
    alter table applications drop column number;
  `);
}
