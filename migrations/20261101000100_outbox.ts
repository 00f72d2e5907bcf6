import type { Knex } from 'knex';

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table outbox (
      id bigint generated always as identity,
      action text not null,
      task_queue text not null,
      workflow_type text not null,
      workflow_id text not null,
      args jsonb not null default '[]',
      signal text,
      reuse text not null default 'allow',
      search_attributes jsonb not null default '{}',
      summary text,
      created_at timestamptz not null default now(),
      available_at timestamptz not null default now(),
      claim_token uuid,
      attempts integer not null default 0,
      last_error text,
      failed_at timestamptz,
      constraint outbox_pkey primary key (id),
      constraint outbox_action_check check (action in ('start', 'signal')),
      constraint outbox_reuse_check check (reuse in ('reject', 'allow')),
      constraint outbox_signal_check check ((action = 'signal') = (signal is not null))
    );
    create index outbox_due_idx on outbox (task_queue, available_at, id) where failed_at is null;
    create index outbox_failed_idx on outbox (failed_at) where failed_at is not null;
    create index outbox_workflow_idx on outbox (workflow_id);
    comment on column outbox.available_at is 'a claim moves it forward, so that a dead relay''s rows come back by themselves';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table outbox;');
}
