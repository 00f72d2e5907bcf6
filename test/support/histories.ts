import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { Worker } from '@temporalio/worker';
import { workflowBundle } from './temporal';

const folder = path.resolve(__dirname, '../histories');
const fileOf = (name: string): string => path.join(folder, `${name}.json`);

type History = NonNullable<Parameters<typeof Worker.runReplayHistory>[1]>;

/** With RECORD_HISTORIES=1 keeps what a workflow did in a test, for `replay`; see test/histories/README.md. */
export async function recordHistory(name: string, handle: Pick<WorkflowHandle, 'fetchHistory'>): Promise<void> {
  if (process.env['RECORD_HISTORIES'] !== '1') return;
  const history = JSON.parse(historyToJSON(await handle.fetchHistory()), withoutNames) as History;
  writeFileSync(fileOf(name), `${JSON.stringify(history, null, 1)}\n`);
}

/** Workers and clients call themselves by process and machine. */
const withoutNames = (key: string, value: unknown): unknown => (key === 'identity' ? 'recorded' : value);

/** Replays a recorded history on the workflows as they are now; rejects where they would do something else. */
export async function replay(name: string, change: (json: string) => string = (json) => json): Promise<void> {
  const history = JSON.parse(change(readFileSync(fileOf(name), 'utf8'))) as History;
  await Worker.runReplayHistory({ workflowBundle: workflowBundle() }, history);
}
