import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { LocalProcess } from '../../src/local/local-process';
import { freePort } from '../../src/local/ports';
import { temporalNamespace, temporalPlan, type TemporalServerSettings } from '../../src/local/temporal-server';
import { setting } from './setting';

/** Keeps the SDK's own chatter out of the tests' output. Before anything else of the SDK is used. */
export const quietRuntime = (): void => void Runtime.install({ logger: new DefaultLogger('ERROR') });

/** The bundle that global-setup.ts made, as workers take it. */
export const workflowBundle = (): { codePath: string } => ({ codePath: setting('WORKFLOW_BUNDLE') });

/**
 * A server on which timers pass at once while a workflow's result is awaited. Skipping is server-wide: one per test file.
 * It has no schedules, list or count.
 */
export const timeSkipping = (): Promise<TestWorkflowEnvironment> =>
  TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: setting('TEMPORAL_TEST_SERVER') } },
  });

/** A real Temporal with a database file, which can be stopped and started again with all it knew. */
export class DevServer {
  readonly address: string;
  readonly namespace = temporalNamespace;
  private process: LocalProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly settings: TemporalServerSettings,
  ) {
    this.address = `127.0.0.1:${settings.port}`;
  }

  /** A server that is not started yet: for tests in which Temporal is away at first. */
  static async create(): Promise<DevServer> {
    const folder = mkdtempSync(path.join(tmpdir(), 'learning-hub-temporal-'));
    const [port, uiPort] = [await freePort(), await freePort()];
    const databaseFile = path.join(folder, 'temporal.db');
    return new DevServer(folder, { program: setting('TEMPORAL_CLI'), databaseFile, port, uiPort });
  }

  /** Resolves when the server answers. */
  async start(): Promise<void> {
    this.process = new LocalProcess({ ...temporalPlan(this.settings), ownGroup: false });
    await this.process.untilReady();
  }

  async stop(): Promise<void> {
    await this.process?.stop();
  }

  /** Ends it with SIGKILL; `start` brings it back with what was in its file. */
  async kill(): Promise<void> {
    this.process?.signal('SIGKILL');
    await this.process?.ended;
  }

  /** Stops the server and removes its records. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

let shared: Promise<DevServer> | undefined;

/** The test file's own dev server, started when it is first asked for. Call its `remove()` in `afterAll`. */
export function devServer(): Promise<DevServer> {
  shared ??= DevServer.create().then(async (server) => {
    await server.start();
    return server;
  });
  return shared;
}
