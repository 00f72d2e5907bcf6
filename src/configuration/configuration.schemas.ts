import { type Static, Type } from '@sinclair/typebox';
import { courseId } from '../courses/courses.schemas';
import { type LearningStandard, learningStandards } from '../courses/packages/package';
import { catalogue } from './catalogue';

/** An enum and not a union of literals, so that a wrong one is answered with the whole list. */
const learningStandard = Type.Unsafe<LearningStandard>(Type.String({ enum: [...learningStandards] }));

/** SettingMetadata of the vendor's client. Its `fallback` is left out: no setting of the hub takes another's value. */
export const SettingMetadata = Type.Object({
  default: Type.String(),
  dataType: Type.String(),
  settingDescription: Type.String(),
  level: Type.String({ description: 'The most specific level at which it can be set' }),
  learningStandards: Type.Optional(
    Type.Array(learningStandard, { description: 'The standards it applies to; absent: every course' }),
  ),
  learningStandardVariant: Type.Literal('either', { description: 'Applies to courses of one item and of several' }),
  validValues: Type.Optional(Type.Array(Type.Object({ value: Type.String(), valueDescription: Type.String() }))),
});
export type SettingMetadata = Static<typeof SettingMetadata>;

/** SettingItem: a setting as it works at the level that is asked about. */
export const SettingItem = Type.Object({
  id: Type.String(),
  effectiveValue: Type.String(),
  effectiveValueSource: Type.Union(
    ['default', 'application', 'learningStandardForApplication', 'course'].map((source) => Type.Literal(source)),
    { description: 'The level that the value comes from; a version’s own value says course too' },
  ),
  explicitValue: Type.Optional(Type.String({ description: 'The value that was set at this very level' })),
  metadata: Type.Optional(SettingMetadata),
});
export type SettingItem = Static<typeof SettingItem>;

/** SettingListSchema. */
export const SettingList = Type.Object({ settingItems: Type.Array(SettingItem) });

const settingId = Type.String({ minLength: 1, maxLength: 100 });

/** SettingsPostSchema, a list of SettingsIndividualSchema. */
export const SettingsPost = Type.Object({
  settings: Type.Array(
    Type.Object({
      settingId,
      value: Type.String({ maxLength: 10_000 }),
      explicit: Type.Optional(Type.Boolean({ description: 'Taken and not needed: what is set is always explicit' })),
    }),
    // A setting can be there once.
    { maxItems: catalogue.length },
  ),
});

export const CourseConfigurationPath = Type.Object({ courseId });
export const CourseSettingPath = Type.Object({ courseId, settingId });

const versionId = Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'The version’s number' });

export const VersionConfigurationPath = Type.Object({ courseId, versionId });
export const VersionSettingPath = Type.Object({ courseId, versionId, settingId });

const includeMetadata = Type.Optional(
  Type.Boolean({ default: false, description: 'Adds what is known of each setting: type, default, valid values' }),
);

export const ConfigurationQuery = Type.Object({ includeMetadata });

const ofStandard = Type.Optional(learningStandard);

export const SettingPath = Type.Object({ settingId });
export const StandardQuery = Type.Object({ learningStandard: ofStandard });
export const ApplicationConfigurationQuery = Type.Object({ learningStandard: ofStandard, includeMetadata });
