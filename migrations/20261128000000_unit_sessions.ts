import type { Knex } from 'knex';

/** Content that reports to the server itself (cmi5, xAPI, AICC) does so within a session of its unit. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table unit_sessions (
      id uuid not null,
      launch_id uuid not null,
      registration_id uuid not null,
      activity_id text not null,
      state text not null default 'open',
      fetched_at timestamptz(3),
      notes jsonb not null default '{}',
      opened_at timestamptz(3) not null default now(),
      heard_at timestamptz(3),
      ended_at timestamptz(3),
      constraint unit_sessions_pkey primary key (id),
      constraint unit_sessions_launch_fkey foreign key (launch_id) references launches (id) on delete cascade,
      constraint unit_sessions_registration_fkey
        foreign key (registration_id) references registrations (id) on delete cascade,
      constraint unit_sessions_state check (state in ('open', 'ended', 'abandoned'))
    );
    create index unit_sessions_launch_idx on unit_sessions (launch_id, id);
    create index unit_sessions_registration_idx on unit_sessions (registration_id, id);
    create index unit_sessions_open_idx on unit_sessions (registration_id) where state = 'open';
    comment on table unit_sessions is 'an opening of a unit whose content reports to the server itself';
    comment on column unit_sessions.fetched_at is 'when the content got its token (cmi5 8.2): there is one';
    comment on column unit_sessions.notes is 'what the rules of the content''s standard have to know of the session';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table unit_sessions');
}
