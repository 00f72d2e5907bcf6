import { linkTo, openSession } from './player';
import type { PackageContents } from './course-packages';
import type { CallCourseApi } from './scorm-cloud';
import { type Json, type XapiApi, xapiApi } from './xapi';
import type { XapiVersion } from '../../src/statements/formats.rules';

export const golf = 'https://school.example/golf';
export const verb = (name: string): Json => ({ id: `http://adlnet.gov/expapi/verbs/${name}` });

/** An xAPI package whose course has one page to launch, and an activity within it. */
export const tincanCourse = (page = '<!doctype html><title>golf</title>', id = golf): PackageContents => ({
  'tincan.xml': `<?xml version="1.0"?><tincan xmlns="http://projecttincan.com/tincan.xsd"><activities>
    <activity id="${id}" type="http://adlnet.gov/expapi/activities/course"><name lang="en">Golf</name><launch lang="en">lesson/golf.html?a=b#top</launch></activity>
    <activity id="${id}/putting" type="http://adlnet.gov/expapi/activities/module"><name lang="en">Putting</name></activity>
  </activities></tincan>`,
  'lesson/golf.html': page,
});

/** What content was told by its address, and the door that it finds there. */
export interface OpenedUnit {
  /** Of the launch; ends in a slash. */
  session: string;
  address: URL;
  endpoint: string;
  auth: string;
  actor: Json;
  registration: string;
  activityId: string;
  /** The resource as content of a version asks it. */
  as: (version: XapiVersion) => XapiApi;
  call: XapiApi['call'];
  /** One or several statements, or what takes their place in a body. */
  post: (body: unknown) => Promise<Response>;
  statement: (more?: Json) => Json;
}

/** Opens a launch of a course, as the player's page does. */
export const openLaunchOf = async (call: CallCourseApi, course: string, request: object = {}): Promise<string> =>
  openSession(await linkTo(call, course, request));

export async function openUnitOf(session: string, activity: string): Promise<OpenedUnit> {
  const answer = await fetch(`${session}open`, { method: 'POST', body: JSON.stringify({ activity }) });
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  const address = new URL(((await answer.json()) as { address: string }).address);
  const told = (name: string): string => address.searchParams.get(name)!;
  const [endpoint, auth, registration] = [told('endpoint'), told('auth'), told('registration')];
  const actor = JSON.parse(told('actor')) as Json;
  const activityId = told('activity_id');
  const door = {
    fetch: (target: string, { key, ...init }: RequestInit & { key?: unknown } = {}) => {
      const headers = new Headers(init.headers);
      if (!headers.has('authorization')) headers.set('authorization', String(key));
      return fetch(`${endpoint}${target.replace(/^\/xapi\//, '')}`, { ...init, headers });
    },
  };
  const api = xapiApi(door, auth);
  return {
    session,
    address,
    endpoint,
    auth,
    actor,
    registration,
    activityId,
    as: (version) => xapiApi(door, auth, version),
    call: api.call,
    post: (body) => api.call('/statements', { method: 'POST', body }),
    statement: (more = {}) => ({
      actor,
      verb: verb('experienced'),
      object: { id: activityId },
      context: { registration },
      ...more,
    }),
  };
}
