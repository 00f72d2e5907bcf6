import { type AppError, conflict, invalid, preconditionFailed } from '../errors';
import type { XapiVersion } from './formats.rules';

export type DocumentResource = 'state' | 'activity-profile' | 'agent-profile';

/** What a change of a document asks for before it is made. */
export interface DocumentConditions {
  ifMatch: string | undefined;
  ifNoneMatch: string | undefined;
}

/** Tags of If-Match or If-None-Match; quotes and `W/` may be missing, as clients leave them out. */
const tagsOf = (header: string): string[] =>
  header.split(',').map((tag) =>
    tag
      .trim()
      .replace(/^W\//i, '')
      .replace(/^"(.*)"$/, '$1'),
  );

const names = (header: string, etag: string | undefined): boolean =>
  etag !== undefined && tagsOf(header).some((tag) => tag === '*' || tag.toLowerCase() === etag);

/**
 * Why a document is not to be changed now; undefined: it may be. `etag` is of the one that is there (1.0.3 Communication 3.1; 9274.1.1
 * 4.1.4). Whoever puts in place of one that is there has to know it: a profile in 1.0.3, in 2.0 a state as well. In 1.0.3 a PUT of a
 * profile has to say what it expects even where there is none (Communication 3.1, XAPI-00273).
 */
export function whyNotChanged(
  change: { method: 'put' | 'post' | 'delete'; resource: DocumentResource; version: XapiVersion },
  { ifMatch, ifNoneMatch }: DocumentConditions,
  etag: string | undefined,
): AppError | undefined {
  if (ifMatch !== undefined && !names(ifMatch, etag)) return changed(etag);
  if (ifNoneMatch !== undefined && names(ifNoneMatch, etag)) return changed(etag);
  const isFree = change.method !== 'put' || (change.resource === 'state' && change.version === '1.0.3');
  if (isFree || ifMatch !== undefined || ifNoneMatch !== undefined) return undefined;
  if (etag !== undefined) {
    return conflict(
      'There is a document already: read it, and put the new one with its ETag in If-Match, or with If-None-Match: * if there should be none.',
    );
  }
  if (change.version !== '1.0.3') return undefined;
  return invalid(
    'A profile is put with If-None-Match: * where there should be none yet, or with its ETag in If-Match.',
  );
}

const changed = (etag: string | undefined): AppError =>
  preconditionFailed(
    etag === undefined
      ? 'There is no document that If-Match could name.'
      : `The document’s ETag is "${etag}" now. Read it again, and decide whether your change still fits.`,
  );
