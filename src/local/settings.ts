import path from 'node:path';
import { CannotStart } from './cannot-start';
import type { WantedPort } from './ports';

type Environment = Readonly<NodeJS.ProcessEnv>;

/** What `npm start` itself can be told by the environment; the rest goes to the processes as it is (`config.ts`). */
export interface LocalSettings {
  env: Environment;
  checkout: string;
  verbose: boolean;
  production: boolean;
  host: string;
  ports: { api: number; player: number; postgres: number; temporal: number; temporalUi: number };
  /** Given: used, and none of ours is started. */
  databaseUrl: string | undefined;
  temporalAddress: string | undefined;
  dataDir: string | undefined;
}

export function readLocalSettings(env: Environment, args: readonly string[]): LocalSettings {
  const unknown = args.filter((arg) => arg !== '--verbose');
  if (unknown.length > 0) {
    throw new CannotStart(
      `npm start does not know ${unknown.join(' ')}. It knows --verbose, which shows all that its processes log.`,
    );
  }
  return {
    env,
    checkout: path.resolve(__dirname, '../../..'),
    verbose: args.includes('--verbose'),
    production: env['NODE_ENV'] === 'production',
    host: given(env, 'HOST') ?? '127.0.0.1',
    ports: {
      api: port(env, 'PORT', 8080),
      player: port(env, 'PLAYER_PORT', 8081),
      // Not 5432, where a Postgres of the system's own would be.
      postgres: port(env, 'POSTGRES_PORT', 5433),
      temporal: port(env, 'TEMPORAL_PORT', 7233),
      temporalUi: port(env, 'TEMPORAL_UI_PORT', 8233),
    },
    databaseUrl: given(env, 'DATABASE_URL'),
    temporalAddress: given(env, 'TEMPORAL_ADDRESS'),
    dataDir: given(env, 'DATA_DIR'),
  };
}

/** The ports of what will be started. */
export function wantedPorts({ host, ports, databaseUrl, temporalAddress }: LocalSettings): WantedPort[] {
  const local = '127.0.0.1';
  const wanted: WantedPort[] = [
    { purpose: 'the api', variable: 'PORT', port: ports.api, host },
    { purpose: 'the player', variable: 'PLAYER_PORT', port: ports.player, host },
  ];
  if (!databaseUrl) wanted.push({ purpose: 'Postgres', variable: 'POSTGRES_PORT', port: ports.postgres, host: local });
  if (!temporalAddress) {
    wanted.push(
      { purpose: 'Temporal', variable: 'TEMPORAL_PORT', port: ports.temporal, host: local },
      { purpose: "Temporal's Web UI", variable: 'TEMPORAL_UI_PORT', port: ports.temporalUi, host: local },
    );
  }
  return wanted;
}

const given = (env: Environment, name: string): string | undefined => env[name]?.trim() || undefined;

function port(env: Environment, name: string, fallback: number): number {
  const text = given(env, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value < 65_536) return value;
  throw new CannotStart(`${name} must be a port from 1 to 65535, not "${text}".`);
}
