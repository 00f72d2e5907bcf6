import { Type } from '@sinclair/typebox';
import { Course, courseId } from './courses.schemas';

const url = (description: string) => Type.String({ minLength: 1, maxLength: 2048, description });

/** Tags that are put on the course when the import is done. */
const tags = Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: 100 });

/** MediaFileMetadataSchema. */
export const MediaFileMetadata = Type.Object({
  title: Type.Optional(Type.String({ maxLength: 500 })),
  description: Type.Optional(Type.String({ maxLength: 10_000 })),
  contentLanguage: Type.Optional(Type.String({ maxLength: 50 })),
  estimatedDuration: Type.Optional(Type.Number({ minimum: 0, maximum: 1e9, description: 'Seconds' })),
});

const contentType = Type.Optional(Type.String({ maxLength: 255, default: 'application/zip' }));

/** ImportFetchRequestSchema. */
export const ImportFetchRequest = Type.Object({
  url: url('Where the package or media file is fetched from (http or https)'),
  contentType,
  mediaFileMetadata: Type.Optional(MediaFileMetadata),
  tags: Type.Optional(tags),
});

/** ImportMediaFileReferenceRequestSchema. */
const ImportMediaFileReferenceRequest = Type.Object({
  url: url('The media file’s URL: the course plays it from there'),
  contentType: Type.Optional(Type.String({ maxLength: 255 })),
  mediaFileMetadata: Type.Optional(MediaFileMetadata),
});

/** ImportRequestSchema: one of the three. */
export const ImportRequest = Type.Object({
  fetchRequest: Type.Optional(ImportFetchRequest),
  mediaFileReferenceRequest: Type.Optional(ImportMediaFileReferenceRequest),
  connectorReferenceRequest: Type.Optional(Type.Object({}, { description: 'Refused: the hub has no connectors' })),
  tags: Type.Optional(tags),
});

export const ImportQuery = Type.Object({
  courseId,
  mayCreateNewVersion: Type.Optional(Type.Boolean({ default: false })),
  postbackUrl: Type.Optional(url('Where the job’s result is POSTed when it ends (http or https)')),
  tags: Type.Optional(tags),
});

export const UploadForm = Type.Object({
  contentMetadata: Type.Optional(Type.String({ description: 'MediaFileMetadataSchema as JSON text' })),
  tags: Type.Optional(Type.String({ description: 'A JSON list, or tags separated by commas' })),
});

export const TagsText = tags;

/** StringResultSchema. */
export const StringResult = Type.Object({ result: Type.String() });

export const ImportJobPath = Type.Object({ importJobId: Type.String({ minLength: 1, maxLength: 255 }) });

/** ImportResultSchema. */
const ImportResult = Type.Object({
  webPathToCourse: Type.String(),
  parserWarnings: Type.Array(Type.String()),
  courseLanguages: Type.Array(Type.String()),
  course: Course,
});

/** ImportJobResultSchema. */
export const ImportJobResult = Type.Object({
  jobId: Type.String(),
  status: Type.Union(['RUNNING', 'COMPLETE', 'ERROR'].map((status) => Type.Literal(status))),
  message: Type.String({ minLength: 1 }),
  importResult: Type.Optional(ImportResult),
});
