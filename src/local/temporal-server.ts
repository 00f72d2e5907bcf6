import { Connection } from '@temporalio/client';
import { searchAttributes } from '../temporal/search-attributes';
import type { ProcessPlan } from './local-process';

/** One Temporal on this machine: its records in one file, its front end and Web UI on two ports of 127.0.0.1. */
export interface TemporalServerSettings {
  program: string;
  databaseFile: string;
  port: number;
  uiPort: number;
}

export const temporalNamespace = 'default';

/** How to run Temporal's dev server. It knows the hub's search attributes from its first start on. */
export function temporalPlan({ program, databaseFile, port, uiPort }: TemporalServerSettings): ProcessPlan {
  const flags = {
    ip: '127.0.0.1',
    port: String(port),
    'ui-port': String(uiPort),
    'db-filename': databaseFile,
    namespace: temporalNamespace,
    'log-format': 'json',
    'log-level': 'warn',
  };
  const args = [
    'server',
    'start-dev',
    ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
    ...searchAttributes.flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]),
  ];
  return {
    name: 'Temporal',
    command: program,
    args,
    // Nothing else: TEMPORAL_* variables of the user are for other servers.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    isReady: () => answers(`127.0.0.1:${port}`),
    readyWithin: 60_000,
    stopSignal: 'SIGTERM',
    graceMs: 10_000,
    forceSignal: 'SIGKILL',
    ownGroup: true,
  };
}

/** The port is open some time before the namespace can be used. */
async function answers(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    await connection.workflowService.describeNamespace({ namespace: temporalNamespace });
    return true;
  } finally {
    await connection.close();
  }
}
