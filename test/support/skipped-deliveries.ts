import { setTimeout as delay } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createRecoverEndpointActivities } from '../../activities/recover-endpoint';
import { createRetryDeliveryActivities } from '../../activities/retry-delivery';
import { type Relay, startRelay } from '../../src/temporal/relay';
import { startDrains, type TestDrains } from './deliveries';
import { startHub, type TestHub } from './hub';
import { quietRuntime, timeSkipping, workflowBundle } from './temporal';

/** IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD of Temporal's protocol. */
const keyword = 2;

/**
 * Deliveries with all that moves them (drains, relay, workflows), where the timers of workflows pass at once while a result
 * is awaited. The drains' clock is the server's, as it was when a workflow last did something.
 */
export class SkippedDeliveries {
  private skippedMs = 0;

  private constructor(
    readonly hub: TestHub,
    readonly env: TestWorkflowEnvironment,
    private readonly worker: Worker,
    private readonly running: Promise<void>,
    private readonly relay: Relay,
    private readonly drains: TestDrains,
  ) {}

  static async start(): Promise<SkippedDeliveries> {
    quietRuntime();
    const [hub, env] = await Promise.all([startHub(), timeSkipping()]);
    const searchAttributes = { HubState: keyword, HubApplicationId: keyword, HubEndpointId: keyword };
    await env.connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes });
    const { db, log, config } = hub.resources;
    const clock = { read: () => new Date() };
    const activities = {
      ...createRetryDeliveryActivities(hub.resources),
      ...createRecoverEndpointActivities(hub.resources),
    };
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: 'deliveries',
      workflowBundle: workflowBundle(),
      activities: Object.fromEntries(
        Object.entries(activities).map(([name, activity]) => [
          name,
          async (input: never): Promise<unknown> => {
            await deliveries.readClock();
            const result: unknown = await activity(input);
            await deliveries.untilSent();
            return result;
          },
        ]),
      ),
    });
    const running = worker.run();
    const relay = startRelay({ db, databaseUrl: config.database.url, client: env.client, log }, ['deliveries']);
    const drains = startDrains(hub.resources, undefined, () => clock.read());
    const deliveries = new SkippedDeliveries(hub, env, worker, running, relay, drains);
    clock.read = () => deliveries.now();
    return deliveries;
  }

  now(): Date {
    return new Date(Date.now() + this.skippedMs);
  }

  /** From now on the drains' clock is the server's. */
  async readClock(): Promise<void> {
    this.skippedMs = (await this.env.currentTimeMs()) - Date.now();
  }

  /** What the drains were given has been sent: while an activity runs, no timer passes. */
  private async untilSent(): Promise<void> {
    const { db } = this.hub.resources;
    const pending = db('deliveries as d')
      .join('endpoints as e', 'e.id', 'd.endpoint_id')
      .where({ 'd.state': 'pending' });
    while (await pending.clone().whereIn('e.state', ['active', 'probing']).first('d.id')) await delay(10);
  }

  async stop(): Promise<void> {
    await this.drains.stop();
    await this.relay.stop();
    this.worker.shutdown();
    await this.running;
    await this.env.teardown();
    await this.hub.close();
  }
}
