import { lstatSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { chooseDataFolder, DataFolder } from './data-folder';
import {
  apiUrl,
  bootstrapPlan,
  hubEnvironment,
  migratePlan,
  playerUrl,
  servingPlans,
  type HubSurroundings,
} from './hub-processes';
import { stopLeftovers } from './leftovers';
import { requireFreePorts } from './ports';
import { clusterExists, databaseUrl, ensureDatabase, memorySettings, postgresPlan, prepareCluster } from './postgres';
import { ProcessLogs } from './process-logs';
import type { Progress } from './progress';
import { readyTable } from './ready-table';
import { findServerUser } from './server-user';
import { wantedPorts, type LocalSettings } from './settings';
import { Supervisor } from './supervisor';
import { findTemporal } from './temporal-binary';
import { temporalPlan } from './temporal-server';

const databaseName = 'learning_hub';

/** Stopped in the reverse order: whoever needs something goes before it. */
const stages = { postgres: 0, temporal: 1, hub: 2 } as const;

/** So that whoever looks where the data usually are (`npm run hub`, a person) finds them. */
function linkTo(folder: string, link: string): void {
  if (lstatSync(link, { throwIfNoEntry: false }) === undefined) symlinkSync(folder, link);
}

/** All of the hub on this machine, on one data folder. */
export class LocalHub {
  private readonly supervisor: Supervisor;
  private readonly logs: ProcessLogs;

  private constructor(
    private readonly settings: LocalSettings,
    private readonly data: DataFolder,
    private readonly whyThere: string | undefined,
    private readonly progress: Progress,
  ) {
    const say = (line: string): void => progress.say(line);
    this.logs = new ProcessLogs(data, say, settings.verbose);
    this.supervisor = new Supervisor({
      say,
      line: (name, line) => this.logs.take(name, line),
      running: (processes) => {
        data.knownProcesses = processes;
      },
    });
  }

  /** Takes the data folder; throws when another start holds it. Nothing runs yet. */
  static open(settings: LocalSettings, progress: Progress): LocalHub {
    const { dataDir, checkout, databaseUrl: given } = settings;
    const { folder, reason } = chooseDataFolder(dataDir, checkout, given ? undefined : findServerUser());
    const data = DataFolder.open(folder);
    if (reason) linkTo(folder, path.join(checkout, 'data'));
    return new LocalHub(settings, data, reason, progress);
  }

  /** Brings everything up, and answers the table that says where it is. */
  async start(): Promise<string> {
    const { settings, data } = this;
    await stopLeftovers(data, this.progress);
    await requireFreePorts(wantedPorts(settings));
    for (const name of ['content', 'content-cache']) data.folder(name);
    const [database, temporal] = await Promise.all([this.startPostgres(), this.startTemporal()]);
    const surroundings = { data, databaseUrl: database, temporal };
    await this.startHub(surroundings);
    return this.describe(surroundings);
  }

  /** Stops what was started. */
  async stop(): Promise<void> {
    await this.supervisor.stop();
    this.data.release();
  }

  /** Makes `stop` impatient. */
  force(): void {
    this.progress.say('Ending everything at once.');
    this.supervisor.force();
  }

  /** The number of a process that runs: api, worker, Postgres or Temporal. */
  pidOf(name: string): number {
    return this.supervisor.pidOf(name);
  }

  private async startPostgres(): Promise<string> {
    const { settings, data, progress } = this;
    if (settings.databaseUrl) return settings.databaseUrl;
    const folder = data.join('postgres');
    const password = data.secret('postgres-password', 'hex');
    const prepare = () => prepareCluster({ folder, port: settings.ports.postgres, password });
    const cluster = clusterExists(folder) ? prepare() : await progress.step('Postgres: creating its folder', prepare);
    await progress.step('Postgres: starting', () =>
      this.supervisor.start(postgresPlan(cluster, memorySettings()), stages.postgres),
    );
    await ensureDatabase(cluster, databaseName);
    return databaseUrl(cluster, databaseName);
  }

  private async startTemporal(): Promise<HubSurroundings['temporal']> {
    const { settings, data, progress } = this;
    if (settings.temporalAddress) return undefined;
    const program = await findTemporal('temporal', { env: settings.env, fallbackCache: data.join('cache'), progress });
    const { temporal: port, temporalUi: uiPort } = settings.ports;
    const plan = temporalPlan({ program, databaseFile: `${data.folder('temporal')}/temporal.db`, port, uiPort });
    await progress.step('Temporal: starting', () => this.supervisor.start(plan, stages.temporal));
    return { address: `127.0.0.1:${port}`, uiUrl: `http://127.0.0.1:${uiPort}` };
  }

  private async startHub(surroundings: HubSurroundings): Promise<void> {
    const { settings, supervisor, progress } = this;
    const env = hubEnvironment(settings, surroundings);
    await progress.step('Database: migrating', () => supervisor.run(migratePlan(settings, env)));
    await progress.step('Keys: preparing', () => this.prepareRecords(env));
    await progress.step('Api and worker: starting', () =>
      Promise.all(servingPlans(settings, env).map((plan) => supervisor.start(plan, stages.hub))),
    );
  }

  /** What has to be in the database before somebody can call. */
  private prepareRecords(env: NodeJS.ProcessEnv): Promise<void> {
    return this.supervisor.run(bootstrapPlan(this.settings, env, this.data));
  }

  private describe({ databaseUrl: database, temporal }: HubSurroundings): string {
    const { settings, data, whyThere, logs } = this;
    const { host, pathname } = new URL(database);
    return readyTable({
      apiUrl: apiUrl(settings),
      playerUrl: playerUrl(settings),
      uiUrl: temporal?.uiUrl ?? settings.env['TEMPORAL_UI_URL'],
      dataFolder: data.root,
      whyThere,
      postgres: `${host}${pathname}${settings.databaseUrl ? '' : ` (user hub, password in ${data.join('postgres-password')})`}`,
      hasDemoKey: !settings.production,
      isOpenToOthers: !/^(127\.|::1$|localhost$)/.test(settings.host),
      adminKeyFile: data.join('admin-key.json'),
      logFolder: logs.folder,
    });
  }
}
