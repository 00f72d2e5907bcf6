import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Knex } from 'knex';
import type { Database } from './connection';

type Migration = { name: string; file: string };

/** Knex records a migration under its file name; without the extension, sources and build share one history. */
class FileMigrations implements Knex.MigrationSource<Migration> {
  constructor(private readonly directory: string) {}

  async getMigrations(): Promise<Migration[]> {
    return readdirSync(this.directory)
      .filter((file) => /^\d{14}_\w+\.(ts|js)$/.test(file))
      .sort()
      .map((file) => ({ name: file.replace(/\.(ts|js)$/, ''), file: path.join(this.directory, file) }));
  }

  getMigrationName({ name }: Migration): string {
    return name;
  }

  async getMigration({ file }: Migration): Promise<Knex.Migration> {
    return (await import(file)) as Knex.Migration;
  }
}

const settings = (directory: string): Knex.MigratorConfig => ({
  migrationSource: new FileMigrations(directory),
  tableName: 'migrations',
});

/** The folder of migrations beside this file, in the sources and in the build alike. */
export const migrationsFolder = path.resolve(__dirname, '../../migrations');

/** Brings the database up to date; answers the names of the migrations that ran. */
export async function migrate(db: Database): Promise<string[]> {
  const [, names] = (await db.migrate.latest(settings(migrationsFolder))) as [number, string[]];
  return names;
}

/** Takes every migration back, newest first. */
export async function rollBack(db: Database): Promise<void> {
  await db.migrate.rollback(settings(migrationsFolder), true);
}

/** The names of migrations that the database still lacks. */
export async function pendingMigrations(db: Database): Promise<string[]> {
  const [, pending] = (await db.migrate.list(settings(migrationsFolder))) as [unknown[], Migration[]];
  return pending.map(({ name }) => name);
}
