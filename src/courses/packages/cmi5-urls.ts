import { cmi5Refusal } from './cmi5-schema';
import { shorten } from './descriptor-text';
import { decodePath, encodePath, isAbsoluteUrl, normalizePath, splitHref } from './hrefs';
import type { PackageFiles } from './package-files';
import type { XmlElement } from './xml';

/** Where a cmi5.xml lies: in a package, or, without `files`, alone. */
export interface Cmi5Location {
  files?: PackageFiles;
  path?: string;
}

/** What the launch itself puts into the query (cmi5 8.1): an AU's own query must leave these names alone. */
const launchParameters = ['endpoint', 'fetch', 'actor', 'activityId', 'registration'];

/** Schemes that run something else than a course. An application's own scheme is allowed (cmi5 13.1.4). */
const unsafeSchemes = /^(javascript|vbscript|data|file|blob|about):/i;

/** Checks an AU's `<url>` and returns it as `Activity.href`. */
export function resolveCmi5Url(element: XmlElement, location: Cmi5Location): string {
  const url = element.text.trim();
  const refuse = (reason: string): never => {
    throw cmi5Refusal(element, 'cmi5_url', `the url "${shorten(url, 200)}" ${reason}`);
  };
  if (url === '') refuse('is empty.');
  if (/[\s<>"{}|\\^`]/.test(url)) refuse('has characters that a URL cannot have; percent-encode them.');
  checkQuery(url, refuse);
  if (unsafeSchemes.test(url)) refuse('must lead to a web page or an application.');
  if (isAbsoluteUrl(url)) return isFullUrl(url) ? url : refuse('has no host; write a full URL (https://…).');
  if (!location.files)
    refuse('is relative, but cmi5.xml came without a zip: write a full URL (https://…), or upload the zip.');
  return resolveInPackage(url, location.files, refuse);
}

const isFullUrl = (url: string): boolean => /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#]/i.test(url);

function checkQuery(url: string, refuse: (reason: string) => never): void {
  const query = splitHref(url).suffix.replace(/#.*$/s, '');
  const names = new Set(new URLSearchParams(query).keys());
  const taken = launchParameters.filter((name) => names.has(name));
  if (taken.length > 0) refuse(`uses ${taken.join(', ')} in its query, which the launch sets itself; rename it.`);
}

/** The file must be there, in this very spelling: a URL's path is case-sensitive (cmi5 14.1). */
function resolveInPackage(url: string, files: PackageFiles | undefined, refuse: (reason: string) => never): string {
  const { path, suffix } = splitHref(url);
  if (path.startsWith('/'))
    refuse('begins with a slash, which leads out of the package; begin with the file or folder.');
  const normal = normalizePath(path);
  const found = [normal, normal && decodePath(normal)].find(
    (candidate) => candidate !== undefined && files?.has(candidate),
  );
  if (found) return encodePath(found) + suffix;
  const wanted = normal?.toLowerCase();
  const similar = files?.paths.find((candidate) => candidate.toLowerCase() === wanted);
  return refuse(
    similar ? `differs from the file ${similar} in case; write it alike.` : 'leads to no file of the package.',
  );
}
