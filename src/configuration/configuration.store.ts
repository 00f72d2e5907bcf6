import type { Knex } from 'knex';
import type { LearningStandard } from '../courses/packages/package';
import type { Database, Transaction } from '../database/connection';
import type { Level, SetValue, WantedValue } from './configuration.rules';

/**
 * Whose configuration is meant. `level` says which of them is asked about or changed, the ids (of rows, not the caller's)
 * that are there say what it inherits from.
 */
export interface Configured {
  level: Level;
  applicationId: string;
  learningStandard?: LearningStandard;
  courseId?: string;
  versionId?: string;
}

interface ConfiguredCourseRow {
  course_id: string;
  version_id: string;
  learning_standard: LearningStandard;
}

/** A course of an application, by the caller's id of it, with one of its versions or its newest. */
export async function findConfiguredCourse(
  db: Database,
  applicationId: string,
  courseId: string,
  version?: number,
): Promise<Configured | undefined> {
  const { rows } = await db.raw<{ rows: ConfiguredCourseRow[] }>(
    `select c.id as course_id, v.id as version_id, v.learning_standard
     from courses c join course_versions v on v.course_id = c.id and v.version = coalesce(?::integer, c.latest_version)
     where c.application_id = ? and c.course_id = ? and c.deleted_at is null`,
    [version ?? null, applicationId, courseId] as Knex.Value[],
  );
  const [row] = rows;
  if (!row) return undefined;
  const course = { applicationId, learningStandard: row.learning_standard, courseId: row.course_id };
  return version === undefined
    ? { level: 'course', ...course }
    : { level: 'version', ...course, versionId: row.version_id };
}

interface SettingRow {
  learning_standard: string;
  course_id: string | null;
  version_id: string | null;
  setting_id: string;
  value: string;
}

/** Every value that was set at the level and above it. */
export async function listSetValues(db: Database | Transaction, configured: Configured): Promise<SetValue[]> {
  const { applicationId, learningStandard = '', courseId = null, versionId = null } = configured;
  const { rows } = await db.raw<{ rows: SettingRow[] }>(
    `select learning_standard, course_id, version_id, setting_id, value from configuration_settings
     where application_id = ? and learning_standard in ('', ?) or course_id = ? or version_id = ?`,
    [applicationId, learningStandard, courseId, versionId] as Knex.Value[],
  );
  return rows.map((row) => ({ level: levelOf(row), settingId: row.setting_id, value: row.value }));
}

function levelOf({ version_id, course_id, learning_standard }: SettingRow): Level {
  if (version_id !== null) return 'version';
  if (course_id !== null) return 'course';
  return learning_standard === '' ? 'application' : 'learningStandardForApplication';
}

/** The columns of the level's own rows. */
const ownerOf = ({ level, applicationId, learningStandard, courseId, versionId }: Configured) => ({
  application_id: level === 'application' || level === 'learningStandardForApplication' ? applicationId : null,
  learning_standard: (level === 'learningStandardForApplication' && learningStandard) || '',
  course_id: level === 'course' ? courseId : null,
  version_id: level === 'version' ? versionId : null,
});

const uniqueKeys: Readonly<Record<Level, string>> = {
  application: 'application_id, learning_standard, setting_id',
  learningStandardForApplication: 'application_id, learning_standard, setting_id',
  course: 'course_id, setting_id',
  version: 'version_id, setting_id',
};

/**
 * Sets values at the level, all or none; no setting may be there twice. Rows are taken in the order of their ids, so that
 * two requests cannot wait for each other. Fails on a foreign key when the owner was deleted meanwhile.
 */
export async function upsertSettings(
  db: Database,
  configured: Configured,
  settings: readonly WantedValue[],
): Promise<void> {
  const owner = ownerOf(configured);
  await db.raw(
    `insert into configuration_settings (application_id, learning_standard, course_id, version_id, setting_id, value)
     select ?::uuid, ?, ?::uuid, ?::uuid, wanted.id, wanted.value
     from unnest(?::text[], ?::text[]) as wanted (id, value) order by wanted.id
     on conflict (${uniqueKeys[configured.level]}) do update set value = excluded.value`,
    [
      owner.application_id,
      owner.learning_standard,
      owner.course_id,
      owner.version_id,
      settings.map(({ settingId }) => settingId),
      settings.map(({ value }) => value),
    ] as Knex.Value[],
  );
}

/** Clears a value at the level; nothing happens when it was not set there. */
export async function deleteSetting(db: Database, configured: Configured, settingId: string): Promise<void> {
  await db('configuration_settings')
    .where({ ...ownerOf(configured), setting_id: settingId })
    .delete();
}
