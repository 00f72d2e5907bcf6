import { Type } from '@sinclair/typebox';
import {
  flagNames,
  type LearningObjectInput,
  lotypes,
  maxTags,
  technologies,
  visibilities,
} from './learning-objects.rules';
import type { LoepLearningObject } from './present-learning-object';

const text = (maxLength: number, description?: string) => ({
  type: ['string', 'null'],
  maxLength,
  ...(description === undefined ? {} : { description }),
});
const orText = (type: 'boolean' | 'integer', description: string) => ({
  type: [type, 'string', 'null', ...(type === 'boolean' ? ['integer'] : [])],
  maxLength: 255,
  description,
});

const flag = orText('boolean', 'true, false, 1 or 0, also as text; empty: unknown');

const lo = {
  type: 'object',
  properties: {
    repository: text(255, 'The application’s name unless said'),
    id_repository: orText('integer', 'The application’s own id of it'),
    url: text(2000, 'Absolute, http or https; needed to create'),
    name: text(255, 'Needed to create'),
    description: text(10_000),
    lotype: { type: 'string', enum: [...lotypes] },
    technology: { type: 'string', enum: [...technologies] },
    language_id: orText('integer', 'Its place in the hub’s list of ISO 639-1 codes, from 1'),
    lanCode: text(10, 'ISO 639-1; instead of language_id'),
    ...Object.fromEntries(flagNames.map((name) => [name, flag])),
    scope: { type: 'string', enum: [...visibilities] },
    metadata_url: text(2000, 'Absolute, http or https'),
    tag_list: {
      type: ['string', 'array', 'null'],
      maxLength: 30_000,
      items: { type: 'string' },
      maxItems: maxTags,
      description: '`a, b`, or a list',
    },
  },
};

/** LOEP's members by name; what LOEP does not know is let be, as Rails does. */
export const LoepObjectBody = Type.Unsafe<{ lo: LearningObjectInput }>({
  type: 'object',
  required: ['lo'],
  properties: { lo },
});

const orNull = (type: string) => ({ type: [type, 'null'] });
const integer = { type: 'integer', minimum: 0 };
const orEmpty = (schema: object) => ({ anyOf: [schema, { const: '' }] });

/** The learning object as LOEP tells of it; its evaluations' members by pattern, as they repeat for every model. */
export const LoepObject = Type.Unsafe<LoepLearningObject>({
  type: 'object',
  required: ['id', 'url', 'name', 'created_at', 'updated_at', 'tag_list'],
  properties: {
    id: { type: 'integer' },
    url: { type: 'string' },
    name: { type: 'string' },
    description: orNull('string'),
    lotype: { type: 'string' },
    repository: { type: 'string' },
    technology: { type: 'string' },
    language_id: orNull('integer'),
    ...Object.fromEntries(flagNames.map((name) => [name, orNull('boolean')])),
    created_at: { type: 'string', description: 'UTC, as in 15/03/2017 14:05 pm' },
    updated_at: { type: 'string' },
    scope: { type: 'string' },
    owner_id: { type: 'null' },
    app_id: { type: 'integer' },
    id_repository: orNull('string'),
    metadata_url: orNull('string'),
    tag_list: { type: 'string' },
    lanCode: orNull('string'),
  },
  patternProperties: {
    '^(Assignments|(Completed|Pending|Rejected) assignments) with ': integer,
    '^(Evaluations|Completed Evaluations) with ': integer,
    ' d?item[0-9]+$': orEmpty({ type: 'number' }),
    ' (titem[0-9]+|comments)$': orEmpty({ type: 'array', items: { type: 'string' } }),
    '^Metric Score: ': orEmpty({ type: 'number', minimum: 0, maximum: 10 }),
  },
  additionalProperties: false,
});

export const LoepObjectList = Type.Array(LoepObject);

const id = Type.String({ minLength: 1, maxLength: 255 });

export const LoepObjectPath = Type.Object({ id });

/** Larger numbers are not exact in JSON. */
export const maxId = 999_999_999_999_999;

export const LoepNameQuery = Type.Object({
  repository: Type.Optional(
    Type.String({ maxLength: 255, description: 'Where the id is one of several repositories’' }),
  ),
  use_id_loep: Type.Optional(Type.Boolean({ default: false, description: 'The id in the path is the hub’s own' })),
});

export const LoepListQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 100 })),
  after: Type.Optional(
    Type.Integer({ minimum: 0, maximum: maxId, description: 'The hub’s id of the page before’s last' }),
  ),
});
