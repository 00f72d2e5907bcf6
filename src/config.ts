import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { LevelWithSilent } from 'pino';

/** One setting of the environment: its variable, what it means, and its default, as `docs/operations.md` lists them. */
type Source = Readonly<Record<string, string | undefined>>;

const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

/** Reads settings one by one and remembers every problem, so that a bad environment is reported whole, once. */
class SettingsReader {
  readonly problems: string[] = [];

  constructor(private readonly source: Source) {}

  text(name: string, fallback?: string): string {
    const value = this.source[name]?.trim();
    if (value) return value;
    if (fallback === undefined) this.problems.push(`${name} is not set`);
    return fallback ?? '';
  }

  optional(name: string): string | undefined {
    return this.source[name]?.trim() || undefined;
  }

  integer(name: string, fallback: number, { min = 0, max = Number.MAX_SAFE_INTEGER } = {}): number {
    const text = this.source[name]?.trim();
    if (!text) return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    this.problems.push(`${name} must be a whole number from ${min} to ${max}, not "${text}"`);
    return fallback;
  }

  flag(name: string, fallback = false): boolean {
    const text = this.source[name]?.trim().toLowerCase();
    if (!text) return fallback;
    if (['1', 'true', 'yes', 'on'].includes(text)) return true;
    if (['0', 'false', 'no', 'off'].includes(text)) return false;
    this.problems.push(`${name} must be 1 or 0, not "${text}"`);
    return fallback;
  }

  list(name: string, fallback: readonly string[] = []): string[] {
    const text = this.source[name]?.trim();
    return text
      ? text
          .split(',')
          .map((part) => part.trim())
          .filter(Boolean)
      : [...fallback];
  }

  oneOf<const T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const text = this.source[name]?.trim();
    if (!text) return fallback;
    const match = choices.find((choice) => choice === text);
    if (match === undefined) this.problems.push(`${name} must be one of ${choices.join(', ')}, not "${text}"`);
    return match ?? fallback;
  }

  url(name: string, fallback: string): string {
    const text = this.text(name, fallback);
    if (!URL.canParse(text)) this.problems.push(`${name} must be an absolute URL, not "${text}"`);
    return text.replace(/\/+$/, '');
  }

  /** 32 bytes in base64: the key from which those that hash and encrypt secrets are derived. */
  masterKey(name: string): Buffer {
    const key = Buffer.from(this.text(name), 'base64');
    if (key.length < 32) {
      this.problems.push(`${name} must be at least 32 random bytes in base64 (openssl rand -base64 32 makes one)`);
    }
    return key;
  }
}

export const taskQueues = ['imports', 'enrollments', 'deliveries', 'housekeeping'] as const;
export type TaskQueue = (typeof taskQueues)[number];

function readSettings(env: Source) {
  const read = new SettingsReader(env);
  const production = env['NODE_ENV'] === 'production';
  const host = read.text('HOST', '127.0.0.1');
  const port = read.integer('PORT', 8080, { max: 65_535 });
  const playerPort = read.integer('PLAYER_PORT', 8081, { max: 65_535 });
  const config = {
    production,
    /** Replies are checked against their schemas; a mismatch is an internal error. For tests: it costs time. */
    checkReplies: env['NODE_ENV'] === 'test',
    logLevel: read.oneOf<LevelWithSilent>(
      'LOG_LEVEL',
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'info',
    ),
    host,
    port,
    /** Where callers reach the api: the base of every link that the hub hands out. */
    publicUrl: read.url('PUBLIC_URL', `http://${host}:${port}`),
    /** Where courses are played: an origin of its own, which has nothing but courses. */
    player: {
      port: playerPort,
      /** Where browsers reach it. A `*` in its host name stands for the launch: then each has an origin of its own. */
      url: read.url('PLAYER_URL', `http://${host}:${playerPort}`),
      /** What the player's page loads, where it is not where the build puts it. */
      files: read.optional('PLAYER_FILES'),
      /** A launch of which nothing was heard for so long is finished. */
      idleSeconds: read.integer('LAUNCH_IDLE_SECONDS', 1800, { min: 1, max: 7 * 24 * 3600 }),
    },
    /** The demo key is honoured: set by `npm start` alone, and never in production. */
    demo: read.flag('HUB_DEMO') && !production,
    /** The pid that started this process and with which it ends (`npm start`). */
    parentPid: read.integer('HUB_PARENT', 0),
    masterKey: read.masterKey('HUB_SECRET'),
    database: {
      url: read.text('DATABASE_URL'),
      poolSize: read.integer('DATABASE_POOL', 10, { min: 2, max: 500 }),
    },
    contentStore: read.text('CONTENT_STORE', './data/content'),
    contentCache: {
      folder: read.text('CONTENT_CACHE', './data/content-cache'),
      maxBytes: read.integer('CONTENT_CACHE_BYTES', 2 * GiB, { min: 64 * MiB }),
    },
    temporal: {
      connection: loadClientConnectConfig({ overrideEnvVars: definedOnly(env) }),
      /** Where operators open the Temporal Web UI; only shown, never called. */
      uiUrl: read.optional('TEMPORAL_UI_URL'),
    },
    worker: {
      queues: read.list('WORKER_QUEUES', taskQueues) as TaskQueue[],
      /** Versioned workers (AUTO_UPGRADE) when set; without it workers are unversioned. */
      buildId: read.optional('WORKER_BUILD_ID'),
      deploymentName: read.text('WORKER_DEPLOYMENT', 'learning-hub'),
      /** Steps of imports that one worker runs at once: a large package's check holds some tens of MB. */
      concurrentImports: read.integer('WORKER_CONCURRENT_IMPORTS', 12, { min: 1, max: 100 }),
      /** Seconds that running activities are given to end when the worker is told to stop. */
      graceSeconds: read.integer('WORKER_GRACE_SECONDS', 20, { min: 1, max: 600 }),
      bundlePath: read.optional('WORKFLOW_BUNDLE'),
      /** Where a worker shows its metrics; 0: nowhere. */
      metricsPort: read.integer('WORKER_METRICS_PORT', 0, { max: 65_535 }),
    },
    outgoing: {
      /** Networks (CIDR) that may be reached although they are private. */
      allowPrivate: read.list('OUTGOING_ALLOW_PRIVATE'),
    },
    imports: {
      maxUploadBytes: read.integer('MAX_UPLOAD_BYTES', 5 * GiB, { min: 1 }),
      /** One asset, uploaded or fetched. */
      maxAssetBytes: read.integer('MAX_ASSET_BYTES', GiB, { min: 1 }),
      maxEntries: read.integer('PACKAGE_MAX_ENTRIES', 50_000, { min: 1 }),
      maxUnpackedBytes: read.integer('PACKAGE_MAX_UNPACKED_BYTES', 10 * GiB, { min: 1 }),
      maxRatio: read.integer('PACKAGE_MAX_RATIO', 200, { min: 1 }),
      /** How long a fetch is tried again before the job ends in ERROR. */
      fetchPatienceSeconds: read.integer('FETCH_PATIENCE_SECONDS', 900, { min: 0 }),
      /** One fetch from its start to its last byte. */
      fetchTimeoutSeconds: read.integer('FETCH_TIMEOUT_SECONDS', 1800, { min: 1 }),
      /** How long a job can be asked about after it ended (Course Service: one week). */
      jobRetentionSeconds: read.integer('IMPORT_JOB_RETENTION_SECONDS', 7 * 24 * 3600, { min: 1 }),
    },
    events: {
      /** Whether events of types that nobody registered are taken. */
      unknownTypes: read.oneOf('EVENT_TYPES_UNKNOWN', ['accept', 'refuse'], 'accept'),
      /** Revisions are removed this many days after they were taken in, and so are events that have no newer; 0: never. */
      retentionDays: read.integer('EVENT_RETENTION_DAYS', 0, { max: 36_500 }),
    },
    caliper: {
      /** Bytes of one envelope. */
      maxPayloadBytes: read.integer('CALIPER_MAX_PAYLOAD_BYTES', MiB, { min: KiB, max: 64 * MiB }),
      /** Events and entities of one envelope. */
      maxItems: read.integer('CALIPER_MAX_ITEMS', 500, { min: 1, max: 10_000 }),
      /** What an item that is not as Caliper 1.2 says of its type does: refuse the envelope, or be kept with a warning. */
      profileProblems: read.oneOf('CALIPER_PROFILE_PROBLEMS', ['refuse', 'warn'], 'refuse'),
      /** Events are removed this many days after they came, by whole months; 0: never. */
      retentionDays: read.integer('CALIPER_RETENTION_DAYS', 0, { max: 36_500 }),
    },
    xapi: {
      /** The newest version that is spoken; older ones always are. */
      newestVersion: read.oneOf('XAPI_NEWEST_VERSION', ['1.0.3', '2.0.0'], '2.0.0'),
      /** Bytes of a request's statements, without attachments. */
      maxBodyBytes: read.integer('XAPI_MAX_BODY_BYTES', 8 * MiB, { min: KiB, max: 64 * MiB }),
      /** Statements of one request. */
      maxStatements: read.integer('XAPI_MAX_STATEMENTS', 1000, { min: 1, max: 10_000 }),
      /** Bytes of a request with its attachments. */
      maxAttachmentBytes: read.integer('XAPI_MAX_ATTACHMENT_BYTES', 128 * MiB, { min: KiB }),
      /** Bytes of a document of the state and profile resources. */
      maxDocumentBytes: read.integer('XAPI_MAX_DOCUMENT_BYTES', MiB, { min: KiB, max: 64 * MiB }),
    },
    deliveries: {
      /** A delivery is dead this long after its first attempt. */
      deadAfterSeconds: read.integer('DELIVERY_DEAD_AFTER_SECONDS', 3 * 24 * 3600, { min: 1 }),
      timeoutSeconds: read.integer('DELIVERY_TIMEOUT_SECONDS', 15, { min: 1, max: 20 }),
      /** Of each attempt's answer, and of what was computed for it, this much is kept. */
      attemptBodyBytes: read.integer('DELIVERY_ATTEMPT_BODY_BYTES', 4 * KiB, { min: 0, max: MiB }),
      /** Finished deliveries are removed this long after they were queued. */
      retentionSeconds: read.integer('DELIVERY_RETENTION_SECONDS', 30 * 24 * 3600, { min: 1 }),
    },
  };
  for (const queue of config.worker.queues) {
    if (!taskQueues.includes(queue))
      read.problems.push(`WORKER_QUEUES names "${queue}", not one of ${taskQueues.join(', ')}`);
  }
  return { config, problems: read.problems };
}

const definedOnly = (env: Source): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));

export type Config = ReturnType<typeof readSettings>['config'];

/** Reads and checks every setting once; throws one error that lists all that is wrong. */
export function readConfig(env: Source = process.env): Config {
  const { config, problems } = readSettings(env);
  if (problems.length > 0) throw new Error(`Settings that need attention:\n  - ${problems.join('\n  - ')}`);
  return config;
}

/** What the command line client needs: where the hub is, and a key as `id:secret`. */
export interface ClientConfig {
  hubUrl: string;
  key: string | undefined;
  /** Where `npm start` keeps its data, and in it the first administrator's key. */
  dataFolder: string | undefined;
}

export const readClientConfig = (env: Source = process.env): ClientConfig => ({
  hubUrl: (env['HUB_URL'] ?? `http://127.0.0.1:${env['PORT'] ?? '8080'}`).replace(/\/+$/, ''),
  key: env['HUB_KEY'],
  dataFolder: env['DATA_DIR'],
});
