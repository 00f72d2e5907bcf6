import Table from 'cli-table3';

/** A table for people; with `--json` the same rows for programs. */
export function printRows(rows: readonly Record<string, unknown>[], columns: readonly string[], json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  if (rows.length === 0) {
    process.stdout.write('None.\n');
    return;
  }
  const table = new Table({ head: [...columns], style: { head: [], border: [] } });
  for (const row of rows) table.push(columns.map((column) => textOf(row[column])));
  process.stdout.write(`${table.toString()}\n`);
}

/** One record, a line for each member. */
export function printWhole(record: object, json: boolean): void {
  if (json) return printRows([{ ...record }], [], json);
  const lines = Object.entries(record).map(([what, value]: [string, unknown]) => ({ what, value }));
  printRows(lines, ['what', 'value'], json);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
