/** A URL with a scheme, or one that begins with the host. A drive letter (`C:\…`) is no scheme. */
export const isAbsoluteUrl = (href: string): boolean => /^([a-z][a-z0-9+.-]+:|\/\/)/i.test(href);

/** What a browser can be sent to; `javascript:`, `data:`, `file:` and the like never come from a package. */
export const isWebUrl = (href: string): boolean => /^(https?:)?\/\/[^\s/?#]/i.test(href);

/** The path of a URL reference, and its query and fragment as written. */
export function splitHref(href: string): { path: string; suffix: string } {
  const end = href.search(/[?#]/);
  return end < 0 ? { path: href, suffix: '' } : { path: href.slice(0, end), suffix: href.slice(end) };
}

/** A path without `.`, `..` and empty segments; undefined when it climbs out of the package. */
export function normalizePath(path: string): string | undefined {
  const segments: string[] = [];
  for (const segment of path.replaceAll('\\', '/').split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

/** A file's path as a URL reference. */
export const encodePath = (path: string): string =>
  path
    .split('/')
    .map((segment) =>
      encodeURIComponent(segment).replace(/%(21|24|26|27|28|29|2A|2B|2C|3A|3B|3D|40)/g, decodeURIComponent),
    )
    .join('/');

/** A path with its percent-encodings read; as it is where they make no sense. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** An item's `parameters` joined to its resource's href, by the steps that SCORM's CAM gives for `<item parameters>`. */
export function appendParameters(href: string, parameters: string | undefined): string {
  const added = parameters?.trim().replace(/^[?&]+/, '');
  if (!added) return href;
  if (added.startsWith('#')) return href.includes('#') ? href : href + added;
  const [, address = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(href) ?? [];
  return `${address}${query || '?'}${query.length > 1 ? '&' : ''}${added}${fragment}`;
}
