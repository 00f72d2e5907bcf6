import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { AttemptWriter } from '../../src/deliveries/attempt-writer';
import { Claimer } from '../../src/deliveries/claimer';
import type { DeliveryState } from '../../src/deliveries/deliveries.rules';
import { DeliveryWakes, shards } from '../../src/deliveries/delivery-wakes';
import { type DrainParts, drainShard } from '../../src/deliveries/drain-shard';
import type { EndpointState } from '../../src/deliveries/endpoint-health.rules';
import type { EndpointDialect, EndpointRef, EndpointRow } from '../../src/deliveries/endpoints.store';
import { queueDelivery } from '../../src/deliveries/queue-delivery';
import { queuePostback } from '../../src/deliveries/queue-postback';
import { newSigningSecret } from '../../src/deliveries/sign-webhook';
import type { Resources } from '../../src/resources';

export interface TestPostback {
  applicationId: string;
  url: string;
  /** A subject of its own unless given. */
  subject?: string;
  payload?: object;
}

/** Queues postbacks as a verb does: in one transaction, waking after it. Answers the deliveries' ids in order. */
export async function queuePostbacks(postbacks: readonly TestPostback[], resources: Resources): Promise<string[]> {
  const { db, secrets, wake } = resources;
  const { channels, ids } = await db.transaction(async (tx) => {
    const queued: string[] = [];
    for (const { applicationId, url, subject = uuid(), payload = {} } of postbacks) {
      const postback = { applicationId, url, subject: { kind: 'import-job' as const, id: subject }, payload };
      queued.push(...(await queuePostback(tx, postback, secrets)));
    }
    const newest = await tx('deliveries').orderBy('position', 'desc').limit(postbacks.length).pluck<string[]>('id');
    return { channels: queued, ids: newest.reverse() };
  });
  for (const channel of new Set(channels)) wake(channel);
  return ids;
}

export interface TestDrains {
  /** Resolves when they have finished what was under way. */
  stop: () => Promise<void>;
}

/** The drains of all shards, in this process and without Temporal. */
export function startDrains(
  resources: Resources,
  of: readonly number[] = shards,
  now: () => Date = () => new Date(),
): TestDrains {
  const [claimer, writer, wakes] = [
    new Claimer(resources.db),
    new AttemptWriter(resources),
    new DeliveryWakes(resources),
  ];
  const parts: DrainParts = { resources, claimer, writer, wakes, now };
  const stopping = new AbortController();
  const running = of.map((shard) => drainShard(shard, parts, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

export interface DeliveryRecord {
  state: DeliveryState;
  attempts: number;
  shard: number;
  first_attempt_at: Date | null;
  next_attempt_at: Date | null;
}

export const deliveryOf = async ({ db }: Resources, id: string): Promise<DeliveryRecord> => {
  const row = await db<DeliveryRecord & { id: string }>('deliveries').where({ id }).first();
  if (!row) throw new Error(`no delivery ${id}`);
  return row;
};

/** Resolves when the delivery is in the state. */
export async function untilState(resources: Resources, id: string, state: DeliveryState): Promise<void> {
  while ((await deliveryOf(resources, id)).state !== state) await delay(10);
}

export interface AttemptRow {
  number: number;
  attempted_at: Date;
  status: number | null;
  latency_ms: number;
  answer: string | null;
  error: string | null;
}

export const attemptsOf = ({ db }: Resources, id: string): Promise<AttemptRow[]> =>
  db<AttemptRow & { delivery_id: string }>('delivery_attempts').where({ delivery_id: id }).orderBy('number');

/** Resolves when this many attempts were made. */
export async function untilAttempts(resources: Resources, id: string, count: number): Promise<void> {
  while ((await deliveryOf(resources, id)).attempts < count) await delay(10);
}

export interface TestEndpoint {
  applicationId: string;
  url: string;
  dialect?: EndpointDialect;
  username?: string;
  password?: string;
  slots?: number;
  rate?: number;
}

/** An endpoint with a URL of its own, as the hub API makes it. */
export async function addEndpoint(
  { applicationId, url, dialect = 'postback', username, password, slots, rate }: TestEndpoint,
  { db, secrets }: Resources,
): Promise<EndpointRef> {
  const [row] = await db('endpoints')
    .insert({
      id: uuid(),
      application_id: applicationId,
      dialect,
      origin: new URL(url).origin,
      url: secrets.encrypt(url),
      signing_secret: secrets.encrypt(newSigningSecret()),
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password: secrets.encrypt(password) }),
      ...(slots !== undefined && { slots }),
      ...(rate !== undefined && { rate }),
    })
    .returning<EndpointRef[]>(['id', 'shard']);
  return row!;
}

export interface TestDelivery {
  applicationId: string;
  /** A subject of its own unless given. */
  subject?: string;
  payload?: object;
}

/** Queues a delivery to an endpoint, as a verb does that holds the lock of its subject. Answers its id. */
export async function queueTo(
  endpoint: EndpointRef,
  { applicationId, subject = uuid(), payload = {} }: TestDelivery,
  { db, wake }: Resources,
): Promise<string> {
  const { id, channel } = await db.transaction((tx) =>
    queueDelivery(tx, {
      applicationId,
      endpoint,
      subject: { kind: 'test', id: subject },
      payload: JSON.stringify(payload),
    }),
  );
  wake(channel);
  return id;
}

export const endpointOf = async ({ db }: Resources, id: string): Promise<EndpointRow> => {
  const row = await db<EndpointRow>('endpoints').where({ id }).first();
  if (!row) throw new Error(`no endpoint ${id}`);
  return row;
};

/** Resolves when the endpoint is in the state. */
export async function untilEndpoint(resources: Resources, id: string, state: EndpointState): Promise<void> {
  while ((await endpointOf(resources, id)).state !== state) await delay(10);
}
