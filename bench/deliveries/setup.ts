import { v7 as uuid } from 'uuid';
import { insertApplication } from '../../src/applications/applications.store';
import { connectDatabase, type Database } from '../../src/database/connection';
import { createWake } from '../../src/database/notifications';
import { createLogger } from '../../src/log';
import { type Stack, startStack } from '../stack';
import { Acceptor } from './acceptor';
import { Receiver } from './receiver';

/** What every part of the benchmark works with: a hub of its own, a receiver, and who accepts deliveries between them. */
export interface Setup {
  stack: Stack;
  /** Connections of the producers; they call themselves `producersName`. */
  db: Database;
  receiver: Receiver;
  acceptor: Acceptor;
}

export const producersName = 'bench-producers';
const producerConnections = 8;

export async function withSetup<T>(origins: number, measure: (setup: Setup) => Promise<T>): Promise<T> {
  const stack = await startStack();
  const db = connectDatabase(`${stack.databaseUrl}?application_name=${producersName}`, producerConnections);
  const receiver = await Receiver.start(origins);
  try {
    const { id: applicationId } = await insertApplication(db, uuid(), 'deliveries');
    const wake = createWake(db, createLogger('bench', 'error'));
    const acceptor = new Acceptor({ db, wake, secrets: stack.secrets, applicationId }, receiver);
    return await measure({ stack, db, receiver, acceptor });
  } finally {
    await receiver.stop();
    await db.destroy();
    await stack.stop();
  }
}

/** Every endpoint is there, every connection has been used, and the code is warm. */
export async function warmUp({ receiver, acceptor }: Setup, origins: number): Promise<void> {
  const rounds = Math.max(1, Math.ceil(1000 / origins));
  for (let round = 0; round < rounds; round += 1) await acceptor.acceptTogether(origins);
  if (!(await receiver.untilArrived(acceptor.count, 60_000))) throw new Error('nothing is delivered');
}
