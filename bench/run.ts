import { benchCaliper } from './caliper';
import { benchCaliperRules } from './caliper-rules';
import { benchContent } from './content';
import { benchCourses } from './courses';
import { benchDeliveries } from './deliveries';
import { benchEnrollments } from './enrollments';
import { benchEvents } from './events';
import { benchImport } from './import';
import { keepReport } from './report';
import { benchStatements } from './statements';

/** Each benchmark by name: it answers its report, in Markdown. It may know flags of its own. */
const benchmarks: Readonly<Record<string, (flags: readonly string[]) => Promise<string>>> = {
  caliper: benchCaliper,
  'caliper-rules': benchCaliperRules,
  content: benchContent,
  courses: benchCourses,
  deliveries: benchDeliveries,
  enrollments: benchEnrollments,
  events: benchEvents,
  import: benchImport,
  statements: benchStatements,
};

/** `npm run bench -- NAME [--keep]`: prints the report; with `--keep` also puts it into docs/benchmarks.md. */
async function main(): Promise<void> {
  const [name = '', ...flags] = process.argv.slice(2);
  const bench = benchmarks[name];
  if (!bench)
    throw new Error(`Usage: npm run bench -- NAME [--keep], with NAME one of ${Object.keys(benchmarks).join(', ')}`);
  const report = await bench(flags);
  process.stdout.write(`\n${report}\n`);
  if (flags.includes('--keep')) keepReport(name, report);
}

main().then(
  () => process.exit(0), // Connections that are kept alive have nothing left to do.
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
