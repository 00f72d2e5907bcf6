import { Type } from '@sinclair/typebox';
import { assetPolicies } from './assets.rules';
import { courseId } from './courses.schemas';

const versionId = Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'The version’s number, from 0' });

export const AssetCoursePath = Type.Object({ courseId });
export const AssetVersionPath = Type.Object({ courseId, versionId });

export const PolicyQuery = Type.Object({
  updateAssetPolicy: Type.Optional(
    Type.Union(
      assetPolicies.map((policy) => Type.Literal(policy)),
      { default: 'lax', description: 'reject: only a new file; strict: only one that is there; lax: both' },
    ),
  ),
});

/** Judged in full by `assetPath`. */
const destination = Type.String({
  description: 'Where the file lies in the course: a relative path, up to 1,024 bytes; one leading slash is left out',
});

/** ImportAssetRequestSchema. */
export const ImportAssetRequest = Type.Object({
  fetchUrl: Type.String({
    minLength: 1,
    maxLength: 2048,
    description: 'Where the hub fetches the file (http or https)',
  }),
  destination,
});

export const AssetForm = Type.Object({ destination });

export const FileQuery = Type.Object({
  relativePath: Type.String({ description: 'The file’s path as the list of files has it' }),
});

/** AssetFileSchema. */
export const AssetFile = Type.Object({ filename: Type.String(), destination: Type.String() });

/** FileListSchema, of FileListItemSchema. */
export const FileList = Type.Object({
  files: Type.Array(
    Type.Object({
      path: Type.String(),
      size: Type.Integer({ description: 'Bytes' }),
      modified: Type.String({ format: 'date-time', description: 'The import’s time for what came with the package' }),
    }),
  ),
});
