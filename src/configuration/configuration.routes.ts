import { type Caller, requireApplication } from '../applications/caller';
import { courseMissing, versionMissing } from '../courses/missing-course';
import type { LearningStandard } from '../courses/packages/package';
import type { Database } from '../database/connection';
import { operation } from '../http/operation';
import { effectiveSettings, getSetting } from './configuration.rules';
import {
  ApplicationConfigurationQuery,
  ConfigurationQuery,
  CourseConfigurationPath,
  CourseSettingPath,
  SettingList,
  SettingPath,
  SettingsPost,
  StandardQuery,
  VersionConfigurationPath,
  VersionSettingPath,
} from './configuration.schemas';
import { type Configured, deleteSetting, findConfiguredCourse, listSetValues } from './configuration.store';
import { presentSetting } from './present-setting';
import { setConfiguration } from './set-configuration';

const courseTag = 'Course Service';
const hubTag = 'Hub: configuration';

interface CourseParams {
  courseId: string;
  versionId?: number;
}

/** The course or version that a path names, among the caller's own. */
async function getConfigured(
  { params: { courseId, versionId }, caller }: { params: CourseParams; caller: Caller },
  db: Database,
): Promise<Configured> {
  const configured = await findConfiguredCourse(db, requireApplication(caller), courseId, versionId);
  if (configured) return configured;
  if (versionId === undefined) throw courseMissing(courseId);
  throw versionMissing(courseId, versionId);
}

/** The caller's application, or one learning standard of it. */
function configuredApplication(caller: Caller, learningStandard: LearningStandard | undefined): Configured {
  const applicationId = requireApplication(caller);
  return learningStandard === undefined
    ? { level: 'application', applicationId }
    : { level: 'learningStandardForApplication', applicationId, learningStandard };
}

async function showSettings(db: Database, configured: Configured, includeMetadata = false) {
  const values = await listSetValues(db, configured);
  const settings = effectiveSettings(values, configured.level, configured.learningStandard);
  return { settingItems: settings.map((setting) => presentSetting(setting, includeMetadata)) };
}

async function clearSetting(db: Database, configured: Configured, settingId: string): Promise<undefined> {
  await deleteSetting(db, configured, getSetting(settingId).id);
  return undefined;
}

/** Configuration of courses and versions (SCORM Cloud v2 Course Service), and of the application they inherit it from. */
export const configurationOperations = [
  operation({
    id: 'getCourseConfiguration',
    summary: 'List a course’s settings, with the values that count for it',
    tag: courseTag,
    method: 'get',
    path: '/api/v2/courses/{courseId}/configuration',
    scopes: ['read', 'read:course'],
    params: CourseConfigurationPath,
    query: ConfigurationQuery,
    status: 200,
    response: SettingList,
    errors: ['not-found'],
    handle: async (input, { db }) => showSettings(db, await getConfigured(input, db), input.query.includeMetadata),
  }),
  operation({
    id: 'setCourseConfiguration',
    summary: 'Set settings of a course, all or none',
    tag: courseTag,
    method: 'post',
    path: '/api/v2/courses/{courseId}/configuration',
    scopes: ['write', 'write:course'],
    params: CourseConfigurationPath,
    body: SettingsPost,
    status: 204,
    errors: ['not-found'],
    handle: async (input, { db }) => {
      await setConfiguration(db, await getConfigured(input, db), input.body.settings);
      return undefined;
    },
  }),
  operation({
    id: 'deleteCourseConfigurationSetting',
    summary: 'Clear a course’s own value of a setting',
    tag: courseTag,
    method: 'delete',
    path: '/api/v2/courses/{courseId}/configuration/{settingId}',
    scopes: ['write', 'write:course'],
    params: CourseSettingPath,
    status: 204,
    errors: ['not-found'],
    handle: async (input, { db }) => clearSetting(db, await getConfigured(input, db), input.params.settingId),
  }),
  operation({
    id: 'getCourseVersionConfiguration',
    summary: 'List a version’s settings, with the values that count for it',
    tag: courseTag,
    method: 'get',
    path: '/api/v2/courses/{courseId}/versions/{versionId}/configuration',
    scopes: ['read', 'read:course'],
    params: VersionConfigurationPath,
    query: ConfigurationQuery,
    status: 200,
    response: SettingList,
    errors: ['not-found'],
    handle: async (input, { db }) => showSettings(db, await getConfigured(input, db), input.query.includeMetadata),
  }),
  operation({
    id: 'setCourseVersionConfiguration',
    summary: 'Set settings of one version, all or none',
    tag: courseTag,
    method: 'post',
    path: '/api/v2/courses/{courseId}/versions/{versionId}/configuration',
    scopes: ['write', 'write:course'],
    params: VersionConfigurationPath,
    body: SettingsPost,
    status: 204,
    errors: ['not-found'],
    handle: async (input, { db }) => {
      await setConfiguration(db, await getConfigured(input, db), input.body.settings);
      return undefined;
    },
  }),
  operation({
    id: 'deleteCourseVersionConfigurationSetting',
    summary: 'Clear a version’s own value of a setting',
    tag: courseTag,
    method: 'delete',
    path: '/api/v2/courses/{courseId}/versions/{versionId}/configuration/{settingId}',
    scopes: ['write', 'write:course'],
    params: VersionSettingPath,
    status: 204,
    errors: ['not-found'],
    handle: async (input, { db }) => clearSetting(db, await getConfigured(input, db), input.params.settingId),
  }),
  operation({
    id: 'getApplicationConfiguration',
    summary: 'List the settings that the application’s courses inherit, of every or of one learning standard',
    tag: hubTag,
    method: 'get',
    path: '/hub/v1/configuration',
    scopes: ['read:hub'],
    query: ApplicationConfigurationQuery,
    status: 200,
    response: SettingList,
    handle: async ({ query: { learningStandard, includeMetadata }, caller }, { db }) =>
      showSettings(db, configuredApplication(caller, learningStandard), includeMetadata),
  }),
  operation({
    id: 'setApplicationConfiguration',
    summary: 'Set settings that the application’s courses inherit, all or none',
    tag: hubTag,
    method: 'post',
    path: '/hub/v1/configuration',
    scopes: ['write:hub'],
    query: StandardQuery,
    body: SettingsPost,
    status: 204,
    handle: async ({ query: { learningStandard }, caller, body }, { db }) => {
      await setConfiguration(db, configuredApplication(caller, learningStandard), body.settings);
      return undefined;
    },
  }),
  operation({
    id: 'deleteApplicationConfigurationSetting',
    summary: 'Clear the application’s own value of a setting',
    tag: hubTag,
    method: 'delete',
    path: '/hub/v1/configuration/{settingId}',
    scopes: ['write:hub'],
    params: SettingPath,
    query: StandardQuery,
    status: 204,
    handle: async ({ params: { settingId }, query: { learningStandard }, caller }, { db }) =>
      clearSetting(db, configuredApplication(caller, learningStandard), settingId),
  }),
];
