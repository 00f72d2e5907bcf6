import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { connectDatabase } from '../../src/database/connection';
import { migrate } from '../../src/database/migrations';
import { messageOf } from '../../src/errors';
import { ensureDatabase } from '../../src/local/postgres';
import { TextProgress } from '../../src/local/progress';
import { findTemporal } from '../../src/local/temporal-binary';
import { ensureWorkflowBundle } from '../../src/local/workflow-bundle';
import { startTestPostgres, type TestPostgres } from './test-postgres';

const root = path.resolve(__dirname, '../..');
const templateDatabase = 'hub_template';

declare global {
  // Jest runs set-up and tear-down in one process, and hands nothing else from one to the other.
  var testPostgres: TestPostgres | undefined;
}

/** What all test files share: one Postgres with a migrated template, one bundle of the workflows, Temporal's programs. */
export default async function globalSetup(): Promise<void> {
  const progress = new TextProgress((text) => process.stderr.write(text));
  progress.say('');
  const postgres = await progress.step('Postgres for the tests', startTestPostgres);
  globalThis.testPostgres = postgres;
  const { env } = process;
  env['TEST_DATABASE_URL'] = postgres.url('postgres');
  const bundle = path.join(root, '.cache', 'workflow-bundle.js');
  await provide('TEST_TEMPLATE', () => progress.step('A migrated database to clone', () => makeTemplate(postgres)));
  await provide('WORKFLOW_BUNDLE', () => progress.step('Workflow bundle', () => ensureWorkflowBundle(root, bundle)));
  await provide('PLAYER_FILES', () => progress.step('The player’s page', buildPlayer));
  const search = { env, fallbackCache: path.join(root, '.cache'), progress };
  await provide('TEMPORAL_CLI', () => findTemporal('temporal', search));
  await provide('TEMPORAL_TEST_SERVER', () => findTemporal('temporal-test-server', search));
}

/** What is missing fails the tests that need it, with the reason (setting.ts), and no others. */
async function provide(variable: string, find: () => Promise<string>): Promise<void> {
  try {
    process.env[variable] ??= await find();
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.env[`${variable}_MISSING`] = reason;
    process.stderr.write(`${variable}: ${messageOf(error)}\n`);
  }
}

async function buildPlayer(): Promise<string> {
  const folder = path.join(root, '.cache', 'player');
  const script = path.join(root, 'scripts', 'build-player.js');
  const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return folder;
}

async function makeTemplate({ cluster, url }: TestPostgres): Promise<string> {
  await ensureDatabase(cluster, templateDatabase);
  const db = connectDatabase(url(templateDatabase), 2);
  try {
    await migrate(db);
    return templateDatabase;
  } finally {
    await db.destroy();
  }
}
