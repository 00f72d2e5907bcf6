import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DataFolder } from '../../src/local/data-folder';
import { ProcessLogs } from '../../src/local/process-logs';

const lines = {
  information: '{"level":"info","msg":"listening"}',
  error: '{"level":"error","event":"relay.failed","error":{"message":"no connection"}}',
  crash: 'TypeError: boom',
};

describe('what the processes of npm start print', () => {
  let folder: string;
  let said: string[];
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'process-logs-'));
    said = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const logs = (verbose: boolean): ProcessLogs =>
    new ProcessLogs(DataFolder.open(folder), (line) => said.push(line), verbose);

  it.each([
    ['api', lines.information, []],
    ['api', lines.error, ['api: relay.failed: no connection']],
    ['worker', lines.crash, ['worker: TypeError: boom']],
    ['Postgres', 'ERROR:  duplicate key value', []],
    ['Temporal', '{"level":"error","msg":"shutting down"}', []],
  ])('is kept whole in a file, and shown when it is an error of the hub (%s: %s)', (name, line, shown) => {
    logs(false).take(name, line);
    expect(said).toEqual(shown);
    expect(readFileSync(path.join(folder, 'logs', `${name.toLowerCase()}.log`), 'utf8')).toBe(`${line}\n`);
  });

  it('is shown whole with --verbose', () => {
    logs(true).take('Postgres', 'checkpoint complete');
    expect(said).toEqual(['Postgres: checkpoint complete']);
  });
});
