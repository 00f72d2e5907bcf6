import { parse } from 'content-disposition';

/**
 * What a downloaded file is called: by its Content-Disposition (RFC 6266), else by the URL's last path segment. Only the
 * last part of a path, without control characters; undefined where neither says anything.
 */
export function findFileName(disposition: string | undefined, url: URL): string | undefined {
  return baseName(dispositionName(disposition) ?? '') ?? baseName(segmentName(url));
}

function dispositionName(header: string | undefined): string | undefined {
  try {
    return header === undefined ? undefined : parse(header).parameters.filename;
  } catch {
    return undefined; // written against the grammar: as if it were absent
  }
}

function segmentName({ pathname }: URL): string {
  const segment = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function baseName(path: string): string | undefined {
  const name =
    path
      .replaceAll(/\p{Cc}/gu, '')
      .split(/[/\\]/)
      .at(-1)
      ?.trim() ?? '';
  return name === '' || name === '.' || name === '..' ? undefined : name;
}
