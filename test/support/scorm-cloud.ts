import type { TestHub, TestKey } from './hub';

type Callback = (
  error: (Error & { response?: { status: number; body: unknown } }) | null,
  data: unknown,
  response: { status: number },
) => void;

interface VendorApiClient {
  basePath: string;
  timeout: number;
  authentications: { APP_NORMAL: { username?: string; password?: string }; OAUTH: { accessToken?: string } };
}

/** As much of the vendor's client as the tests touch; it comes without types. */
interface Vendor {
  ApiClient: new () => VendorApiClient;
  CourseApi: VendorApi;
  AuthenticationApi: VendorApi;
  PingApi: VendorApi;
}

type VendorApi = new (client: VendorApiClient) => Record<string, (...args: unknown[]) => unknown>;

/** A key, or a token that came of one. */
export type Credentials = TestKey | { accessToken: string };

const vendor = jest.requireActual<Vendor>('@rusticisoftware/scormcloud-api-v2-client-javascript');

export interface Answer<T> {
  status: number;
  /** What the client made of the answer. */
  data: T;
  /** The body, when the answer was an error. */
  error?: { message: string };
}

/** Calls an operation of the vendor's client, with nothing changed but the base URL and the key. */
export type CallCourseApi = <T = Record<string, unknown>>(operation: string, ...args: unknown[]) => Promise<Answer<T>>;

export const courseApi = (hub: TestHub, credentials: Credentials): CallCourseApi =>
  callsOf(new vendor.CourseApi(clientOf(hub, credentials)));

/** The vendor's operations that give tokens. */
export const authenticationApi = (hub: TestHub, credentials: Credentials): CallCourseApi =>
  callsOf(new vendor.AuthenticationApi(clientOf(hub, credentials)));

/** The vendor's operation that tries credentials. */
export const pingApi = (hub: TestHub, credentials: Credentials): CallCourseApi =>
  callsOf(new vendor.PingApi(clientOf(hub, credentials)));

function clientOf(hub: TestHub, credentials: Credentials): VendorApiClient {
  const client = new vendor.ApiClient();
  client.basePath = `${hub.url}/api/v2`;
  if ('accessToken' in credentials) Object.assign(client.authentications.OAUTH, credentials);
  else Object.assign(client.authentications.APP_NORMAL, { username: credentials.id, password: credentials.secret });
  return client;
}

function callsOf(api: InstanceType<VendorApi>): CallCourseApi {
  return <T>(operation: string, ...args: unknown[]) =>
    new Promise<Answer<T>>((resolve, reject) => {
      const done: Callback = (error, data, response) => {
        if (!error) resolve({ status: response.status, data: data as T });
        else if (error.response) {
          const { status, body } = error.response;
          resolve({ status, data: data as T, error: body as { message: string } });
        } else reject(error);
      };
      api[operation]!(...args, done);
    });
}

export interface JobStatus {
  jobId: string;
  status: 'RUNNING' | 'COMPLETE' | 'ERROR';
  message: string;
  importResult?: {
    webPathToCourse: string;
    parserWarnings: string[];
    courseLanguages: string[];
    course: Record<string, unknown> & { id: string; title: string; version: number; courseLearningStandard: string };
  };
}

/** Asks for a job's status until it has ended. */
export async function ended(call: CallCourseApi, jobId: string, patienceMs = 45_000): Promise<JobStatus> {
  const giveUp = Date.now() + patienceMs;
  for (;;) {
    const { data, status } = await call<JobStatus>('getImportJobStatus', jobId);
    if (status === 200 && data.status !== 'RUNNING') return data;
    if (Date.now() > giveUp) throw new Error(`job ${jobId} has not ended: ${JSON.stringify(data)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
