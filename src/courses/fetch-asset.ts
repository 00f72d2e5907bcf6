import { invalid, isAppError } from '../errors';
import type { Resources } from '../resources';
import type { StoredBlob } from '../storage/content-store';

/** A caller waits for it: shorter than what clients and proxies allow a request. */
const totalTimeoutMs = 60_000;
const idleTimeoutMs = 15_000;

export interface FetchedAsset {
  blob: StoredBlob;
  /** As the server calls it. */
  fileName?: string;
}

/** Brings an asset into the content store. What is the URL's or its server's fault is `invalid`, with the cause. */
export async function fetchAsset(
  url: string,
  { outgoing, content, config }: Pick<Resources, 'outgoing' | 'content' | 'config'>,
): Promise<FetchedAsset> {
  const { maxAssetBytes: maxBytes } = config.imports;
  const { body, fileName } = await outgoing
    .download(url, { maxBytes, idleTimeoutMs, totalTimeoutMs })
    .catch((error: unknown) => Promise.reject(notFetched(error)));
  let broken: unknown;
  body.once('error', (error) => (broken = error));
  try {
    const blob = await content.write(body, { maxBytes });
    return { blob, ...(fileName === undefined ? {} : { fileName }) };
  } catch (error) {
    // A store that fails is no fault of the URL.
    throw error === broken || (isAppError(error) && error.kind === 'too-large') ? notFetched(error) : error;
  }
}

const notFetched = (error: unknown): unknown =>
  isAppError(error)
    ? invalid('The file could not be fetched.', {
        details: [{ path: 'fetchUrl', message: error.message }],
        cause: error,
      })
    : error;
