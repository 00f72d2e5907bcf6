import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Config } from '../config';
import { messageOf } from '../errors';
import type { Logger } from '../log';
import { namespaceOf } from './connection';
import { searchAttributes } from './search-attributes';

const retryMs = 2000;

/** Connects to Temporal, for as long as it takes: a worker may be started before it. Undefined when told to stop first. */
export async function connectWorker(
  config: Config,
  log: Logger,
  signal: AbortSignal,
): Promise<NativeConnection | undefined> {
  while (!signal.aborted) {
    try {
      return await NativeConnection.connect(config.temporal.connection.connectionOptions);
    } catch (error) {
      log.warn({ event: 'temporal.unreachable', error: messageOf(error) }, 'Temporal does not answer; trying again');
      await delay(retryMs, undefined, { signal }).catch(() => undefined); // Told to stop.
    }
  }
  return undefined;
}

/** Waits until the namespace knows the hub's search attributes, and says how to add those it lacks. */
export async function awaitSearchAttributes(
  client: Client,
  config: Config,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const missing = await missingSearchAttributes(client, namespaceOf(config)).catch((error: unknown) => {
      log.warn({ event: 'temporal.unreachable', error: messageOf(error) }, 'the search attributes cannot be read yet');
      return undefined;
    });
    if (missing?.length === 0) return;
    if (missing !== undefined) {
      log.error(
        { event: 'temporal.search_attributes_missing', missing, run: commandFor(missing, namespaceOf(config)) },
        'Temporal lacks search attributes of the hub; run the command, the worker goes on by itself',
      );
    }
    await delay(retryMs, undefined, { signal }).catch(() => undefined); // Told to stop.
  }
}

type Missing = { name: string; type: string };

async function missingSearchAttributes(client: Client, namespace: string): Promise<Missing[]> {
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace });
  return searchAttributes.filter(({ name }) => !(name in customAttributes)).map(({ name, type }) => ({ name, type }));
}

const commandFor = (missing: readonly Missing[], namespace: string): string =>
  `temporal operator search-attribute create --namespace ${namespace} ` +
  missing.map(({ name, type }) => `--name ${name} --type ${type}`).join(' ');
