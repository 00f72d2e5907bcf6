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
/** That the producers have, of each kind. */
const sessions = 8;

export async function withSetup<T>(origins: number, measure: (setup: Setup) => Promise<T>): Promise<T> {
  const stack = await startStack();
  const { secrets } = stack;
  const databaseUrl = `${stack.databaseUrl}?application_name=${producersName}`;
  const db = connectDatabase(databaseUrl, sessions);
  const receiver = await Receiver.start(origins);
  try {
    const { id: applicationId } = await insertApplication(db, uuid(), 'deliveries');
    const wake = createWake(db, createLogger('bench', 'error'));
    const acceptor = await Acceptor.open({ db, databaseUrl, sessions, wake, secrets, applicationId }, receiver);
    await receiver.untilArrived(acceptor.count, 30_000);
    try {
      return await measure({ stack, db, receiver, acceptor });
    } finally {
      await acceptor.close();
    }
  } finally {
    await receiver.stop();
    await db.destroy();
    await stack.stop();
  }
}

/** Every connection has been used, and the code is warm. */
export async function warmUp({ receiver, acceptor }: Setup): Promise<void> {
  const enough = acceptor.count + 1000;
  await acceptor.keepUnderWay(200, () => acceptor.count >= enough);
  await acceptor.atRate(50, 2, acceptor.accept);
  if (!(await receiver.untilArrived(acceptor.count, 60_000))) throw new Error('nothing is delivered');
}
