import { Pool } from 'pg';
import { v7 as uuid } from 'uuid';
import type { Transaction } from '../../src/database/connection';
import type { Secrets } from '../../src/secrets';

/** What a copy of a row has of its own; all else is as the verb wrote it. */
const ownValues: Readonly<Record<string, string>> = {
  id: '$1',
  subject_id: '$2',
  url: '$3',
  created_at: 'now()',
};

/**
 * Writes deliveries as the hub's verb does, but from rows that it has written once for each origin: one statement that
 * commits by itself, so that producers take as little of the machine as they can from the engine that is measured.
 */
export class Copier {
  private insert = { name: 'copy', text: '' };

  private constructor(
    private readonly pool: Pool,
    private readonly secrets: Secrets,
  ) {}

  /** Keeps what `tx` has inserted into deliveries: a row for each origin, in order. The copier works once `tx` is committed. */
  static async keep(
    tx: Transaction,
    { databaseUrl, sessions, secrets }: { databaseUrl: string; sessions: number; secrets: Secrets },
  ): Promise<Copier> {
    const copier = new Copier(new Pool({ connectionString: databaseUrl, max: sessions }), secrets);
    await tx.raw(
      `create table bench_templates as select row_number() over (order by position) - 1 as origin, deliveries.*
       from deliveries where xmin = pg_current_xact_id()::xid`,
    );
    await tx.raw('alter table bench_templates add primary key (origin)');
    const { rows } = await tx.raw<{ rows: { name: string }[] }>(
      `select column_name as name from information_schema.columns
       where table_schema = 'public' and table_name = 'deliveries' and is_identity = 'NO' and is_generated = 'NEVER'`,
    );
    const columns = rows.map(({ name }) => name);
    copier.insert.text = `insert into deliveries (${columns.join(', ')})
      select ${columns.map((name) => ownValues[name] ?? name).join(', ')} from bench_templates where origin = $4`;
    return copier;
  }

  /** Resolves when it is committed. */
  async copy(origin: number, url: string): Promise<void> {
    await this.pool.query({ ...this.insert, values: [uuid(), uuid(), this.secrets.encrypt(url), origin] });
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
