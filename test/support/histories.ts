import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { Worker } from '@temporalio/worker';
import { workflowBundle } from './temporal';

const folder = path.resolve(__dirname, '../histories');
const fileOf = (name: string): string => path.join(folder, `${name}.json`);

/** With RECORD_HISTORIES=1 keeps what a workflow did in a test, for `replay`; see test/histories/README.md. */
export async function recordHistory(name: string, handle: Pick<WorkflowHandle, 'fetchHistory'>): Promise<void> {
  if (process.env['RECORD_HISTORIES'] !== '1') return;
  const json = JSON.stringify(JSON.parse(historyToJSON(await handle.fetchHistory())), null, 1);
  // Workers and clients name themselves, and their own queues, after the machine.
  writeFileSync(fileOf(name), `${json.replaceAll(`@${hostname()}`, '@recorded')}\n`);
}

/** Replays a recorded history on the workflows as they are now; rejects where they would do something else. */
export async function replay(name: string, change: (json: string) => string = (json) => json): Promise<void> {
  const history: unknown = JSON.parse(change(readFileSync(fileOf(name), 'utf8')));
  await Worker.runReplayHistory({ workflowBundle: workflowBundle() }, history);
}
