import path from 'node:path';
import type { DataFolder } from './data-folder';
import type { ProcessPlan } from './local-process';
import type { LocalSettings } from './settings';
import { temporalNamespace } from './temporal-server';

/** Where the parts that the hub needs are to be found. */
export interface HubSurroundings {
  data: DataFolder;
  databaseUrl: string;
  /** Undefined when the user's own settings say where Temporal is. */
  temporal: { address: string; uiUrl: string } | undefined;
}

/** The environment of every process of the hub: the user's own, and what `npm start` knows better. */
export function hubEnvironment(
  settings: LocalSettings,
  { data, databaseUrl, temporal }: HubSurroundings,
): NodeJS.ProcessEnv {
  const { env, production, host, ports } = settings;
  return {
    NODE_ENV: 'development',
    OUTGOING_ALLOW_PRIVATE: '127.0.0.0/8,::1/128',
    HUB_SECRET: env['HUB_SECRET'] || data.secret('secret', 'base64'),
    CONTENT_STORE: data.join('content'),
    CONTENT_CACHE: data.join('content-cache'),
    WORKFLOW_BUNDLE: path.join(settings.checkout, 'dist', 'workflow-bundle.js'),
    ...(temporal ? withoutTemporal(env) : env),
    ...(temporal && {
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporalNamespace,
      TEMPORAL_UI_URL: env['TEMPORAL_UI_URL'] || temporal.uiUrl,
      // There is none: the user's own profile, with its TLS and keys, is for another server.
      TEMPORAL_CONFIG_FILE: data.join('temporal.toml'),
    }),
    HOST: host,
    PORT: String(ports.api),
    PLAYER_PORT: String(ports.player),
    DATABASE_URL: databaseUrl,
    DATA_DIR: data.root,
    HUB_DEMO: production ? '0' : '1',
    HUB_PARENT: String(process.pid),
  };
}

const withoutTemporal = (env: LocalSettings['env']): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));

/** The address under which this machine reaches what listens on `HOST`. */
export const apiUrl = ({ host, ports }: LocalSettings): string => `http://${reachable(host)}:${ports.api}`;

/** The same for courses, which have an origin of their own. */
export const playerUrl = ({ host, ports, env }: LocalSettings): string =>
  env['PLAYER_URL']?.trim() || `http://${reachable(host)}:${ports.player}`;

const reachable = (host: string): string =>
  ({ '0.0.0.0': '127.0.0.1', '::': '[::1]' })[host] ?? (host.includes(':') ? `[${host}]` : host);

/** Runs to its end before the api starts. */
export const migratePlan = (settings: LocalSettings, env: NodeJS.ProcessEnv): ProcessPlan => ({
  ...entry(settings, env, 'src/migrate'),
  name: 'Migration',
});

/** Runs to its end before the api starts: the demo key (HUB_DEMO=1) and, once, the administrator's key. */
export const bootstrapPlan = (settings: LocalSettings, env: NodeJS.ProcessEnv, data: DataFolder): ProcessPlan => ({
  ...entry(settings, env, 'src/hub', 'bootstrap', '--local', '--data', data.root),
  name: 'Bootstrap',
});

/** The processes that serve, each looked after by itself. */
export const servingPlans = (settings: LocalSettings, env: NodeJS.ProcessEnv): ProcessPlan[] => [
  {
    ...withYoungSpace(entry(settings, env, 'src/api')),
    name: 'api',
    isReady: async () => (await fetch(`${apiUrl(settings)}/health/ready`)).status === 200,
  },
  {
    ...entry(settings, env, 'src/worker'),
    name: 'worker',
    isReadyLine: (line) => line.includes('"event":"worker.ready"'),
    // Its own grace is 20 s for running activities, and 10 s more until it is forced.
    graceMs: 35_000,
  },
];

/**
 * Requests of a megabyte live for some milliseconds. With Node's 16 MB for what is young they are moved to where the old is, and
 * collecting that costs a fifth of the api's time.
 */
const withYoungSpace = (plan: ProcessPlan): ProcessPlan => ({
  ...plan,
  args: ['--max-semi-space-size=64', ...plan.args],
});

const entry = ({ checkout }: LocalSettings, env: NodeJS.ProcessEnv, name: string, ...args: string[]): ProcessPlan => ({
  name,
  command: process.execPath,
  args: ['--enable-source-maps', path.join(checkout, 'dist', `${name}.js`), ...args],
  env,
  readyWithin: 60_000,
  stopSignal: 'SIGTERM',
  graceMs: 25_000,
  forceSignal: 'SIGKILL',
  ownGroup: true,
});
