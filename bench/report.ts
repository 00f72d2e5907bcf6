import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { version } from '../src/version';

const file = path.resolve('docs/benchmarks.md');

/** The machine and the versions: figures mean nothing without them. */
export function machine(): string {
  const [cpu] = os.cpus();
  const memory = Math.round(os.totalmem() / 1024 ** 3);
  return (
    `${os.cpus().length} cores (${cpu?.model ?? 'unknown'}), ${memory} GiB, ${os.platform()} ${os.release()}, ` +
    `Node ${process.versions.node}, Learning Hub ${version}, ${new Date().toISOString().slice(0, 10)}`
  );
}

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Nearest rank. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
}

/** Puts a report in the place of the one of the same name in docs/benchmarks.md. */
export function keepReport(name: string, report: string): void {
  const begin = `<!-- ${name} -->`;
  const end = `<!-- end of ${name} -->`;
  const text = readFileSync(file, 'utf8');
  const start = text.indexOf(begin);
  const block = `${begin}\n\n${report.trim()}\n\n${end}`;
  const stop = text.indexOf(end);
  const kept =
    start < 0 || stop < 0
      ? `${text.trimEnd()}\n\n${block}\n`
      : text.slice(0, start) + block + text.slice(stop + end.length);
  writeFileSync(file, kept);
}
