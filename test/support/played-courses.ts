import { manifestOf, type PackageContents, scormItems, type ManifestOptions } from './course-packages';

/*
 * Content that a test drives from outside: the page finds its run-time as SCORM says (RTE, "API discovery"), and puts it under
 * `api` for the test to call.
 */

const finder = `<script>
function find(name, start) {
  for (let at = start, left = 8; at && left > 0; at = at.parent === at ? null : at.parent, left -= 1) if (at[name]) return at[name];
  return null;
}
const named = (name) => find(name, window) || (window.top.opener && find(name, window.top.opener));
const api12 = named('API');
const api2004 = named('API_1484_11');
window.api = api2004
  ? { init: () => api2004.Initialize(''), get: (e) => api2004.GetValue(e), set: (e, v) => api2004.SetValue(e, v),
      commit: () => api2004.Commit(''), finish: () => api2004.Terminate(''), error: () => api2004.GetLastError() }
  : api12 && { init: () => api12.LMSInitialize(''), get: (e) => api12.LMSGetValue(e), set: (e, v) => api12.LMSSetValue(e, v),
      commit: () => api12.LMSCommit(''), finish: () => api12.LMSFinish(''), error: () => api12.LMSGetLastError() };
</script>`;

/** A page of content: it begins at once, and ends when it is taken away, as most courses do. */
export const scoPage = (name: string, { ends = true, begins = true } = {}): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${name}</title><h1>${name}</h1>${finder}
<script>
${begins ? 'window.api && api.init();' : ''}
${ends ? "window.addEventListener('pagehide', () => window.api && api.finish());" : ''}
document.body.dataset.ready = 'yes';
</script></html>`;

export const resourceOf = (id: string, type = 'sco', version = '1.2'): string =>
  `<resource identifier="res-${id}" type="webcontent" adlcp:${version === '1.2' ? 'scormtype' : 'scormType'}="${type}" href="${id}.html"><file href="${id}.html"/></resource>`;

export const itemOf = (id: string, more = ''): string =>
  `<item identifier="${id}" identifierref="res-${id}"><title>Lesson ${id}</title>${more}</item>`;

/** A course of one SCO for each name. */
export function scoCourse(
  names: readonly string[],
  options: { version?: string; item?: string; ends?: boolean } = {},
): PackageContents {
  const { version = '1.2', item = '', ends = true } = options;
  const items = names.map((name) => itemOf(name, item)).join('');
  const resources = names.map((name) => resourceOf(name, 'sco', version)).join('');
  const manifest: ManifestOptions = scormItems(items, resources, version);
  return {
    'imsmanifest.xml': manifestOf(manifest),
    ...Object.fromEntries(names.map((name) => [`${name}.html`, scoPage(name, { ends })])),
  };
}
