import type { Static, TSchema } from '@sinclair/typebox';
import { type Caller, requireApplication } from '../applications/caller';
import type { FileAnswer, UploadedFile } from '../http/operation';
import { operation } from '../http/operation';
import type { Resources } from '../resources';
import { assetPath } from './assets.rules';
import {
  AssetCoursePath,
  AssetFile,
  AssetForm,
  AssetVersionPath,
  FileList,
  FileQuery,
  ImportAssetRequest,
  PolicyQuery,
} from './assets.schemas';
import { getContent, listCourseFiles } from './course-files';
import { fetchAsset } from './fetch-asset';
import { getCourseVersion, type VersionRef } from './get-course-version';
import { openCourseFile } from './open-course-file';
import { deleteAsset, discardUnused, putAsset } from './write-asset';
import { openCourseZip } from './zip-course';

const tag = 'Course Service';
const writeScopes = ['write', 'write:course'] as const;
const readScopes = ['read', 'read:course'] as const;

type Policy = Static<typeof PolicyQuery>;

/** What the file is called in the answer: by itself, else by where it went. */
const nameOf = (path: string, fileName: string | undefined): string =>
  fileName ?? path.slice(path.lastIndexOf('/') + 1);

async function importAsset(
  ref: VersionRef,
  { fetchUrl, destination }: Static<typeof ImportAssetRequest>,
  { updateAssetPolicy: policy = 'lax' }: Policy,
  resources: Resources,
): Promise<Static<typeof AssetFile>> {
  const path = assetPath(destination, 'destination');
  await getCourseVersion(resources.db, ref);
  const { blob, fileName } = await fetchAsset(fetchUrl, resources);
  await putAsset(ref, { path, policy, blob }, resources);
  return { filename: nameOf(path, fileName), destination: path };
}

async function uploadAsset(
  ref: VersionRef,
  { blob, fileName }: UploadedFile,
  { destination }: Static<typeof AssetForm>,
  { updateAssetPolicy: policy = 'lax' }: Policy,
  resources: Resources,
): Promise<Static<typeof AssetFile>> {
  try {
    const path = assetPath(destination, 'destination');
    await putAsset(ref, { path, policy, blob }, resources);
    return { filename: nameOf(path, fileName), destination: path };
  } catch (error) {
    await discardUnused(blob, resources);
    throw error;
  }
}

async function readFile(ref: VersionRef, relativePath: string, resources: Resources): Promise<FileAnswer> {
  const path = assetPath(relativePath, 'relativePath');
  const version = await getCourseVersion(resources.db, ref);
  const { size, fromRevision, body } = await openCourseFile(version, path, resources);
  return { fileName: nameOf(path, undefined), size, etag: `"${version.id}.${fromRevision}"`, body };
}

async function listFiles(ref: VersionRef, { db }: Resources): Promise<Static<typeof FileList>> {
  const files = await listCourseFiles(db, await getContent(db, await getCourseVersion(db, ref)));
  return { files: files.map(({ path, size, modified }) => ({ path, size, modified: modified.toISOString() })) };
}

async function readZip(ref: VersionRef, resources: Resources): Promise<FileAnswer> {
  const version = await getCourseVersion(resources.db, ref);
  const zip = await openCourseZip(version, resources);
  // Weak: a zip that is made anew has the same files, not the same bytes.
  return {
    ...zip,
    fileName: `${ref.courseId.replaceAll(/[\\/]/g, '-')}.zip`,
    etag: `W/"${version.id}.${version.revision}"`,
  };
}

/** The same operation for a course, which means its newest version, and for one of its versions. */
interface Level<P extends TSchema> {
  params: P;
  path: string;
  /** For summaries. */
  of: string;
  refOf: (params: Static<P>, caller: Caller) => VersionRef;
  /** The original's operation ids. */
  ids: Record<'import' | 'upload' | 'read' | 'delete' | 'list' | 'zip', string>;
}

const operationsOf = <P extends TSchema>({ params, path, of, refOf, ids }: Level<P>) => [
  operation({
    id: ids.list,
    summary: `List the files of ${of}`,
    tag,
    method: 'get',
    path: `${path}/asset/list`,
    scopes: readScopes,
    params,
    status: 200,
    response: FileList,
    errors: ['not-found'],
    handle: (input, resources) => listFiles(refOf(input.params, input.caller), resources),
  }),
  operation({
    id: ids.upload,
    summary: `Put an uploaded file into ${of}`,
    tag,
    method: 'post',
    path: `${path}/asset/upload`,
    scopes: writeScopes,
    params,
    query: PolicyQuery,
    multipart: {
      fields: AssetForm,
      file: 'file',
      fileRequired: true,
      maxFileBytes: ({ config }) => config.imports.maxAssetBytes,
    },
    status: 200,
    response: AssetFile,
    errors: ['not-found'],
    admit: async (input, { db }) => {
      await getCourseVersion(db, refOf(input.params, input.caller));
    },
    handle: ({ params: at, caller, query, body, file }, resources) =>
      uploadAsset(refOf(at, caller), file!, body as unknown as Static<typeof AssetForm>, query, resources),
  }),
  operation({
    id: ids.import,
    summary: `Put a file that the hub fetches into ${of}`,
    tag,
    method: 'post',
    path: `${path}/asset`,
    scopes: writeScopes,
    params,
    query: PolicyQuery,
    body: ImportAssetRequest,
    status: 200,
    response: AssetFile,
    errors: ['not-found'],
    handle: ({ params: at, caller, query, body }, resources) => importAsset(refOf(at, caller), body, query, resources),
  }),
  operation({
    id: ids.read,
    summary: `Download a file of ${of}`,
    tag,
    method: 'get',
    path: `${path}/asset`,
    scopes: readScopes,
    params,
    query: FileQuery,
    status: 200,
    response: { file: 'application/octet-stream' },
    errors: ['not-found'],
    handle: ({ params: at, caller, query: { relativePath } }, resources) =>
      readFile(refOf(at, caller), relativePath, resources),
  }),
  operation({
    id: ids.delete,
    summary: `Take a file out of ${of}`,
    tag,
    method: 'delete',
    path: `${path}/asset`,
    scopes: writeScopes,
    params,
    query: FileQuery,
    status: 204,
    errors: ['not-found'],
    handle: async ({ params: at, caller, query: { relativePath } }, resources) => {
      await deleteAsset(refOf(at, caller), assetPath(relativePath, 'relativePath'), resources);
      return undefined;
    },
  }),
  operation({
    id: ids.zip,
    summary: `Download ${of} as a zip that can be imported again`,
    tag,
    method: 'get',
    path: `${path}/zip`,
    scopes: readScopes,
    params,
    status: 200,
    response: { file: 'application/zip' },
    errors: ['not-found'],
    handle: ({ params: at, caller }, resources) => readZip(refOf(at, caller), resources),
  }),
];

/** Assets and downloads of the SCORM Cloud v2 Course Service. */
export const assetOperations = [
  ...operationsOf({
    params: AssetCoursePath,
    path: '/api/v2/courses/{courseId}',
    of: 'a course’s newest version',
    refOf: ({ courseId }, caller) => ({ applicationId: requireApplication(caller), courseId }),
    ids: {
      import: 'importCourseAssetFile',
      upload: 'uploadCourseAssetFile',
      read: 'getCourseAsset',
      delete: 'deleteCourseAsset',
      list: 'getCourseFileList',
      zip: 'getCourseZip',
    },
  }),
  ...operationsOf({
    params: AssetVersionPath,
    path: '/api/v2/courses/{courseId}/versions/{versionId}',
    of: 'a version of a course',
    refOf: ({ courseId, versionId }, caller) => ({ applicationId: requireApplication(caller), courseId, versionId }),
    ids: {
      import: 'importCourseVersionAssetFile',
      upload: 'uploadCourseVersionAssetFile',
      read: 'getCourseVersionAsset',
      delete: 'deleteCourseVersionAsset',
      list: 'getCourseVersionFileList',
      zip: 'getVersionedCourseZip',
    },
  }),
];
