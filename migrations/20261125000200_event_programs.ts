import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table event_programs (
      id text not null,
      application_id uuid not null,
      reserved boolean not null default false,
      created_at timestamptz not null default now(),
      constraint event_programs_pkey primary key (id),
      constraint event_programs_application_fkey foreign key (application_id) references applications (id) on delete cascade,
      constraint event_programs_id_length check (length(id) between 1 and 25)
    );
    create index event_programs_application_idx on event_programs (application_id, id);
    comment on table event_programs is 'publishers of the event store; each belongs to one application';
    comment on column event_programs.reserved is 'the hub''s own events about the application; nobody else publishes there';

    create table program_grants (
      program_id text not null,
      application_id uuid not null,
      created_at timestamptz not null default now(),
      constraint program_grants_pkey primary key (application_id, program_id),
      constraint program_grants_program_fkey foreign key (program_id) references event_programs (id) on delete cascade,
      constraint program_grants_application_fkey foreign key (application_id) references applications (id) on delete cascade
    );
    create index program_grants_program_idx on program_grants (program_id, application_id);
    comment on table program_grants is 'which other applications may read a program';

    create function hub_program(application uuid) returns text language sql immutable as
      $$ select 'HUB-' || upper(left(encode(sha256(convert_to(application::text, 'UTF8')), 'hex'), 20)) $$;

    create function add_hub_program() returns trigger language plpgsql as $$
    begin
      insert into event_programs (id, application_id, reserved) values (hub_program(new.id), new.id, true);
      return null;
    end $$;
    create trigger applications_hub_program after insert on applications for each row execute function add_hub_program();

    insert into event_programs (id, application_id, reserved) select hub_program(id), id, true from applications;
    insert into event_programs (id, application_id)
      select program, application_id from api_keys, unnest(programs) as program
      where application_id is not null order by api_keys.created_at
      on conflict do nothing;

    create table event_types (
      type text not null,
      description text not null default '',
      schema json,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint event_types_pkey primary key (type),
      constraint event_types_type_length check (length(type) between 1 and 50)
    );
    comment on column event_types.schema is 'JSON Schema that EventData of this type has to fit';

    insert into event_types (type, description) values
      ('AI_STARTED', 'An activity was started'),
      ('AI_COMP_SUCCESS', 'An activity was completed with success'),
      ('AI_COMP_UNSUCCESS', 'An activity was completed without success'),
      ('AI_REOPENED', 'An activity was opened again'),
      ('LPI_STARTED', 'A learning plan was started'),
      ('LPI_COMP_SUCCESS', 'A learning plan was completed with success'),
      ('LPI_COMP_UNSUCCESS', 'A learning plan was completed without success'),
      ('LPI_REOPENED', 'A learning plan was opened again'),
      ('HUB_IMPORT_COMPLETED', 'The hub: an import job ended in COMPLETE'),
      ('HUB_IMPORT_FAILED', 'The hub: an import job ended in ERROR'),
      ('HUB_ENDPOINT_FAILING', 'The hub: deliveries to an endpoint fail'),
      ('HUB_ENDPOINT_HELD', 'The hub: an endpoint fails as a whole and is held back'),
      ('HUB_ENDPOINT_DISABLED', 'The hub: an endpoint asked for no more and is disabled'),
      ('HUB_ENDPOINT_RECOVERED', 'The hub: an endpoint takes deliveries again'),
      ('HUB_ENDPOINT_DYING', 'The hub: a delivery to an endpoint was given up'),
      ('HUB_SCORES_CHANGED', 'The hub: the scores of a learning object changed');
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table event_types, program_grants, event_programs;
    drop trigger applications_hub_program on applications;
    drop function add_hub_program(), hub_program(uuid);
  `);
}
