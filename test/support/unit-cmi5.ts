import { randomUUID } from 'node:crypto';
import { type Json, type XapiApi, xapiApi } from './xapi';
import { verb } from './unit-xapi';

export const extension = (name: string): string => `https://w3id.org/xapi/cmi5/context/extensions/${name}`;
export const category = (name: string): Json => ({ id: `https://w3id.org/xapi/cmi5/context/categories/${name}` });

/** An AU that was opened, as its content finds itself: by its address, and what it fetched. */
export interface OpenedAu {
  /** Of the launch; ends in a slash. */
  session: string;
  address: URL;
  ownWindow: boolean;
  endpoint: string;
  fetchUrl: string;
  actor: Json;
  registration: string;
  activityId: string;
  /** The xAPI resource, with the credentials of `token`. */
  call: XapiApi['call'];
  token: string;
}

/** Opens an AU, as the player's page does. Its content has not run yet. */
export async function openAu(session: string, activity: string): Promise<OpenedAu> {
  const answer = await fetch(`${session}open`, { method: 'POST', body: JSON.stringify({ activity }) });
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  const place = (await answer.json()) as { address: string; ownWindow: boolean };
  const address = new URL(place.address);
  const told = (name: string): string => address.searchParams.get(name)!;
  const endpoint = told('endpoint');
  const au: OpenedAu = {
    session,
    address,
    ownWindow: place.ownWindow,
    endpoint,
    fetchUrl: told('fetch'),
    actor: JSON.parse(told('actor')) as Json,
    registration: told('registration'),
    activityId: told('activityId'),
    token: '',
    call: (path, request) => xapiApi(door, `Basic ${au.token}`).call(path, request),
  };
  const door = {
    fetch: (target: string, { key, ...init }: RequestInit & { key?: unknown } = {}) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', String(key));
      return fetch(`${endpoint}${target.replace(/^\/xapi\//, '')}`, { ...init, headers });
    },
  };
  return au;
}

/** Asks the fetch URL (cmi5 8.2). */
export const askFetch = async (au: OpenedAu): Promise<Json> =>
  (await fetch(au.fetchUrl, { method: 'POST' })).json() as Promise<Json>;

const placeOf = (au: OpenedAu) => ({
  agent: JSON.stringify(au.actor),
  activityId: au.activityId,
  registration: au.registration,
});

export const launchDataQuery = (au: OpenedAu) => ({ ...placeOf(au), stateId: 'LMS.LaunchData' });
export const preferencesQuery = (au: OpenedAu) => ({
  agent: JSON.stringify(au.actor),
  profileId: 'cmi5LearnerPreferences',
});

/** AU content that has begun as cmi5 asks: it has its token, its launch data, and has asked for preferences. */
export class RunningAu {
  private constructor(
    readonly au: OpenedAu,
    readonly launchData: Json,
  ) {}

  static async begin(au: OpenedAu): Promise<RunningAu> {
    au.token = String((await askFetch(au))['auth-token']);
    const found = await au.call('/activities/state', { query: launchDataQuery(au) });
    if (found.status !== 200) throw new Error(`${found.status}: ${await found.text()}`);
    await au.call('/agents/profile', { query: preferencesQuery(au) });
    return new RunningAu(au, (await found.json()) as Json);
  }

  get sessionId(): string {
    const { extensions } = this.launchData['contextTemplate'] as { extensions: Json };
    return String(extensions[extension('sessionid')]);
  }

  /** A "cmi5 allowed" statement. */
  allowed(more: Json = {}): Json {
    const { actor, registration, activityId } = this.au;
    return {
      id: randomUUID(),
      timestamp: new Date().toISOString(),
      actor,
      verb: verb('experienced'),
      object: { id: activityId },
      context: { ...(this.launchData['contextTemplate'] as Json), registration },
      ...more,
    };
  }

  /** A "cmi5 defined" one. */
  defined(name: keyof typeof outcomes, result: Json = {}): Json {
    const statement = this.allowed({ verb: verb(name) });
    const context = statement['context'] as Json;
    const outcome: Json = { ...outcomes[name], ...result };
    const isResult = 'success' in outcome || 'completion' in outcome;
    return {
      ...statement,
      ...(Object.keys(outcome).length > 0 && { result: outcome }),
      context: {
        ...context,
        contextActivities: {
          ...(context['contextActivities'] as Json),
          category: isResult ? [category('cmi5'), category('moveon')] : [category('cmi5')],
        },
      },
    };
  }

  post(body: unknown): Promise<Response> {
    return this.au.call('/statements', { method: 'POST', body });
  }

  /** Says these, each by itself; answers the last status. */
  async say(...names: (keyof typeof outcomes)[]): Promise<number> {
    let status = 0;
    for (const name of names) status = (await this.post(this.defined(name))).status;
    return status;
  }
}

const outcomes = {
  initialized: {},
  completed: { completion: true, duration: 'PT20S' },
  passed: { success: true, duration: 'PT20S' },
  failed: { success: false, duration: 'PT20S' },
  terminated: { duration: 'PT45S' },
} as const;
