import type { Static } from '@sinclair/typebox';
import { validate as isUuid } from 'uuid';
import { type Caller, requireApplication } from '../applications/caller';
import { invalid, isAppError, notFound } from '../errors';
import { type Input, operation, type UploadedFile } from '../http/operation';
import { assertValid } from '../http/validation';
import { parseTarget } from '../net/outgoing-url';
import {
  ImportFetchRequest,
  ImportJobPath,
  ImportJobResult,
  ImportQuery,
  ImportRequest,
  MediaFileMetadata,
  StringResult,
  TagsText,
  UploadForm,
} from './import-jobs.schemas';
import { isExpired } from './import-jobs.rules';
import { findImportJob } from './import-jobs.store';
import { presentImportJob } from './present-import-job';
import { assertImportable, type ImportOrigin, type ImportRequest as StartRequest, startImport } from './start-import';

const tag = 'Course Service';
const writeScopes = ['write', 'write:course'] as const;

type Query = Static<typeof ImportQuery>;

/** Refuses at the door what no request could ever go to; addresses are judged when it is called. */
function requireHttpUrl(text: string, name: string): string {
  try {
    parseTarget(text);
    return text;
  } catch (error) {
    throw isAppError(error)
      ? invalid('A URL cannot be used.', { details: [{ path: name, message: `is refused: ${error.message}` }] })
      : error;
  }
}

/** What every way of importing has in its query. */
function common(
  query: Query,
  caller: Caller,
): Pick<StartRequest, 'applicationId' | 'courseId' | 'mayCreateNewVersion' | 'postbackUrl'> {
  return {
    applicationId: requireApplication(caller),
    courseId: query.courseId,
    mayCreateNewVersion: query.mayCreateNewVersion ?? false,
    ...(query.postbackUrl === undefined ? {} : { postbackUrl: requireHttpUrl(query.postbackUrl, 'postbackUrl') }),
  };
}

const optional = <K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> =>
  value === undefined ? {} : ({ [key]: value } as Record<K, V>);

function fetchOrigin({ url }: { url: string }, kind: 'fetch' | 'media-reference', name: string): ImportOrigin {
  return { kind, url: requireHttpUrl(url, name) };
}

/** The single request that an ImportRequestSchema carries, whichever of its members it came in. */
function chosenRequest({ fetchRequest, mediaFileReferenceRequest, ...rest }: Static<typeof ImportRequest>) {
  if (rest.connectorReferenceRequest !== undefined) {
    throw invalid(
      'connectorReferenceRequest is not possible: the hub has no content connectors. Send a fetchRequest with the package’s URL.',
    );
  }
  if (fetchRequest && mediaFileReferenceRequest) {
    throw invalid('Send either fetchRequest or mediaFileReferenceRequest, not both.');
  }
  if (fetchRequest) return { chosen: fetchRequest, kind: 'fetch', name: 'fetchRequest.url' } as const;
  if (mediaFileReferenceRequest) {
    return {
      chosen: mediaFileReferenceRequest,
      kind: 'media-reference',
      name: 'mediaFileReferenceRequest.url',
    } as const;
  }
  throw invalid('The body needs a fetchRequest or a mediaFileReferenceRequest.');
}

/** JSON text in a form field; the vendor's client sends `contentMetadata` so. */
function jsonField(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(`The form field ${name} is not JSON.`, { cause });
  }
}

function readContentMetadata(text: string | undefined): Static<typeof MediaFileMetadata> | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const value = jsonField('contentMetadata', text);
  assertValid(MediaFileMetadata, value, 'contentMetadata');
  return value as Static<typeof MediaFileMetadata>;
}

function readTags(text: string | undefined): string[] | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const value = text.trim().startsWith('[') ? jsonField('tags', text) : text.split(',').map((part) => part.trim());
  assertValid(TagsText, value, 'tags');
  return value as string[];
}

/** What the caller says the file is: the request's header, else the part's own type, else nothing. */
function declaredType(header: string | string[] | undefined, file: UploadedFile): string | undefined {
  if (typeof header === 'string' && header.trim() !== '') return header.trim().slice(0, 255);
  return file.contentType === 'application/octet-stream' ? undefined : file.contentType;
}

type UploadInput = Input<undefined, typeof ImportQuery, undefined>;

async function importUpload(
  { query, caller, request, file, body }: UploadInput,
  resources: Parameters<typeof startImport>[1],
): Promise<Static<typeof StringResult>> {
  const form = body as unknown as Static<typeof UploadForm>;
  const upload = file!;
  try {
    const result = await startImport(
      {
        ...common(query, caller),
        origin: { kind: 'upload', blob: upload.blob },
        ...optional('contentType', declaredType(request.headers['uploadedcontenttype'], upload)),
        ...optional('fileName', upload.fileName),
        ...optional('mediaMetadata', readContentMetadata(form.contentMetadata)),
        ...optional('tags', readTags(form.tags) ?? query.tags),
      },
      resources,
    );
    return { result };
  } catch (error) {
    await resources.content.remove(upload.blob.key);
    throw error;
  }
}

/** Imports of the SCORM Cloud v2 Course Service. */
export const importJobOperations = [
  operation({
    id: 'createUploadAndImportCourseJob',
    summary: 'Import a course from an uploaded package or media file',
    tag,
    method: 'post',
    path: '/api/v2/courses/importJobs/upload',
    scopes: writeScopes,
    query: ImportQuery,
    headers: { uploadedContentType: 'The media type of the file; application/zip unless told' },
    multipart: {
      fields: UploadForm,
      file: 'file',
      fileRequired: true,
      maxFileBytes: ({ config }) => config.imports.maxUploadBytes,
    },
    status: 200,
    response: StringResult,
    errors: ['conflict'],
    admit: ({ query, caller }, resources) => assertImportable(common(query, caller), resources),
    handle: importUpload,
  }),
  operation({
    id: 'createFetchAndImportCourseJob',
    summary: 'Import a course from a package or media file that the hub fetches',
    tag,
    method: 'post',
    path: '/api/v2/courses/importJobs',
    scopes: writeScopes,
    query: ImportQuery,
    body: ImportFetchRequest,
    status: 200,
    response: StringResult,
    errors: ['conflict'],
    handle: async ({ query, body, caller }, resources) => ({
      result: await startImport(
        {
          ...common(query, caller),
          origin: fetchOrigin(body, 'fetch', 'url'),
          ...optional('contentType', body.contentType),
          ...optional('mediaMetadata', body.mediaFileMetadata),
          ...optional('tags', body.tags ?? query.tags),
        },
        resources,
      ),
    }),
  }),
  operation({
    id: 'createNoUploadAndImportCourseJob',
    summary: 'Import a course by fetching it, or with a reference to a media file that stays where it is',
    tag,
    method: 'post',
    path: '/api/v2/courses/importJobs/noUpload',
    scopes: writeScopes,
    query: ImportQuery,
    body: ImportRequest,
    status: 200,
    response: StringResult,
    errors: ['conflict'],
    handle: async ({ query, body, caller }, resources) => {
      const { chosen, kind, name } = chosenRequest(body);
      return {
        result: await startImport(
          {
            ...common(query, caller),
            origin: fetchOrigin(chosen, kind, name),
            ...optional('contentType', chosen.contentType),
            ...optional('mediaMetadata', chosen.mediaFileMetadata),
            ...optional('tags', body.tags ?? body.fetchRequest?.tags ?? query.tags),
          },
          resources,
        ),
      };
    },
  }),
  operation({
    id: 'getImportJobStatus',
    summary: 'How an import is doing; for one week after it ended',
    tag,
    method: 'get',
    path: '/api/v2/courses/importJobs/{importJobId}',
    scopes: ['read', 'read:course'],
    params: ImportJobPath,
    status: 200,
    response: ImportJobResult,
    errors: ['not-found'],
    handle: async ({ params: { importJobId }, caller }, { db, config }) => {
      const job = isUuid(importJobId) ? await findImportJob(db, importJobId) : undefined;
      const visible =
        job?.application_id === requireApplication(caller) &&
        !isExpired(job.finished_at, new Date(), config.imports.jobRetentionSeconds);
      if (!job || !visible) {
        throw notFound(`There is no import job "${importJobId}", or it ended more than a week ago.`);
      }
      return presentImportJob(job);
    },
  }),
];
