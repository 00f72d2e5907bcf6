import { benchBacklog } from './deliveries/backlog';
import { benchIsolation } from './deliveries/isolation';
import { benchKill } from './deliveries/kill';
import { benchLight } from './deliveries/light';
import { benchSustained } from './deliveries/sustained';
import { machine } from './report';

/** Each part brings up a hub of its own. `origins`: how many endpoints, where that was said. */
const parts: Readonly<Record<string, (origins?: number) => Promise<string>>> = {
  sustained: (origins) => benchSustained(origins === undefined ? [1, 10, 1000] : [origins]),
  light: () => benchLight(),
  backlog: (origins = 1) => benchBacklog(origins),
  isolation: () => benchIsolation(),
  kill: () => benchKill(),
};

/** All parts, or those named: `--part NAME`, again for another; `--endpoints N` for sustained and backlog. */
export async function benchDeliveries(flags: readonly string[]): Promise<string> {
  const names = valuesOf(flags, '--part');
  const [origins] = valuesOf(flags, '--endpoints').map(Number);
  const reports: string[] = [];
  for (const name of names.length > 0 ? names : Object.keys(parts)) {
    const part = parts[name];
    if (!part) throw new Error(`There is no part "${name}", only ${Object.keys(parts).join(', ')}.`);
    reports.push(await part(origins));
  }
  return `## Deliveries

${machine()}

Beside producers, Postgres, Temporal and a receiver on the same cores; the receiver is a process that does little more than note
the time.

${reports.join('\n')}`;
}

const valuesOf = (flags: readonly string[], name: string): string[] =>
  flags.flatMap((flag, index) => (flag === name ? (flags[index + 1] ?? []) : []));
