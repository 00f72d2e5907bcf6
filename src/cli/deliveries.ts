import { Command } from 'commander';
import type { Attempt, Delivery, DeliveryWithAttempts } from '../deliveries/deliveries.schemas';
import { subjectKinds } from '../deliveries/deliveries.rules';
import { CommandError, everyPage, type HubClient } from './hub-client';
import { applicationOf, pastTime, queryOf, wholeNumber } from './options';
import { printRows } from './print';
import { shorten, shortTime } from './shorten.rules';

type Connect = () => Promise<HubClient>;

interface Bounds {
  app?: string;
  endpoint?: string;
  state?: string;
  since?: string;
  until?: string;
  json?: boolean;
}

const root = '/hub/v1/deliveries';
const pathOf = (id: string, action = ''): string => `${root}/${encodeURIComponent(id)}${action}`;

/** The most that one request asks for. */
const pageSize = 1000;

const lineOf = (delivery: Delivery) => ({
  id: delivery.id,
  'queued (UTC)': shortTime(delivery.created_at),
  state: delivery.replayed ? `${delivery.state} (replay)` : delivery.state,
  subject: shorten(`${delivery.subject.kind}/${delivery.subject.id}`, 32),
  to: shorten(delivery.origin, 32),
  tries: delivery.attempts,
  next: shortTime(delivery.next_attempt_at),
  ended: shortTime(delivery.finished_at),
});
const columns = ['id', 'queued (UTC)', 'state', 'subject', 'to', 'tries', 'next', 'ended'];

const print = (deliveries: readonly Delivery[], json = false): void =>
  printRows(json ? deliveries : deliveries.map(lineOf), columns, json);

const attemptLineOf = (attempt: Attempt) => ({
  try: attempt.number,
  'at (UTC)': shortTime(attempt.attempted_at),
  ms: attempt.latency_ms,
  status: attempt.status,
  'answer or error': shorten(attempt.error ?? attempt.answer, 100),
});

function printWhole(delivery: DeliveryWithAttempts, json = false): void {
  if (json) return printRows([delivery], [], json);
  const { attempts_made: attempts, subject, payload, ...rest } = delivery;
  const whole = { ...rest, subject: `${subject.kind}/${subject.id}`, payload: shorten(payload, 500) };
  printRows(
    Object.entries(whole).map(([what, value]) => ({ what, value })),
    ['what', 'value'],
    json,
  );
  printRows(attempts.map(attemptLineOf), ['try', 'at (UTC)', 'ms', 'status', 'answer or error'], json);
}

/** `test/golf`, or the id alone. */
function subjectOf(text: string | undefined): { subject_kind?: string; subject_id?: string } {
  if (text === undefined) return {};
  const kind = subjectKinds.find((one) => text.startsWith(`${one}/`));
  return kind === undefined ? { subject_id: text } : { subject_kind: kind, subject_id: text.slice(kind.length + 1) };
}

const withBounds = (command: Command): Command =>
  command
    .option('--endpoint <id>', 'to one endpoint')
    .option('--app <app>', 'of one application, by name or id')
    .option('--state <state>', 'pending, blocked, retrying, delivered, dead or cancelled')
    .option('--since <time>', 'queued since then: RFC 3339, or 2h, 3d before now', pastTime)
    .option('--until <time>', 'queued until then', pastTime)
    .option('--json', 'print JSON');

const wantedOf = async (
  client: HubClient,
  { app, endpoint, state, since, until }: Bounds,
): Promise<Record<string, string | undefined>> => ({
  endpoint_id: endpoint,
  state,
  since,
  until,
  ...(await applicationOf(client, app)),
});

interface Progress {
  replayed?: number;
  cancelled?: number;
  complete: boolean;
  next?: string;
}

/** Calls until all is done; answers how many there were. */
async function inBulk(client: HubClient, path: string, wanted: object): Promise<number> {
  let done = 0;
  let after: string | undefined;
  for (;;) {
    const body = { ...wanted, ...(after === undefined ? {} : { after }) };
    const progress = await client.post<Progress>(path, body);
    done += progress.replayed ?? progress.cancelled ?? 0;
    if (progress.complete) return done;
    after = progress.next;
  }
}

function tell(count: number, what: 'replayed' | 'cancelled', json = false): void {
  if (json) process.stdout.write(`${JSON.stringify({ [what]: count })}\n`);
  else process.stdout.write(`${count} ${count === 1 ? 'delivery is' : 'deliveries are'} ${what}.\n`);
}

export function deliveryCommands(connect: Connect): Command {
  const deliveries = new Command('deliveries').description('deliveries: what was sent, and what could not be');
  withBounds(deliveries.command('list'))
    .description('list deliveries, the newest first')
    .option('--subject <subject>', 'what they are about: an id, or import-job/…, learning-object/…, test/…')
    .option('--limit <count>', 'how many', wholeNumber, 50)
    .action(async ({ subject, limit, ...bounds }: Bounds & { subject?: string; limit: number }) => {
      const client = await connect();
      const wanted = { ...(await wantedOf(client, bounds)), ...subjectOf(subject) };
      const query = queryOf({ ...wanted, limit: Math.min(limit, pageSize) });
      print(await everyPage(client, `${root}${query}`, (page) => page['deliveries'] as Delivery[], limit), bounds.json);
    });
  deliveries
    .command('show <id>')
    .description('show one delivery with its attempts')
    .option('--json', 'print JSON')
    .action(async (id: string, { json }: { json?: boolean }) =>
      printWhole(await (await connect()).get<DeliveryWithAttempts>(pathOf(id)), json),
    );
  withBounds(deliveries.command('replay [id]'))
    .description('send one once more, or many: --dead --since 2h, or --endpoint … --since 3d')
    .option('--dead', 'the dead ones')
    .action(async (id: string | undefined, { dead, ...bounds }: Bounds & { dead?: boolean }) => {
      const client = await connect();
      if (id !== undefined) return print([await client.post<Delivery>(pathOf(id, '/replay'), {})], bounds.json);
      if (bounds.since === undefined) throw new CommandError('Say which: an id, or since when with --since.');
      // Until now: what is queued, or delivered once more, while this works must not keep it going.
      const until = bounds.until ?? new Date().toISOString();
      const wanted = await wantedOf(client, { ...bounds, until, ...(dead && { state: 'dead' }) });
      tell(await inBulk(client, `${root}/replay`, wanted), 'replayed', bounds.json);
    });
  withBounds(deliveries.command('cancel [id]'))
    .description('give one up, or all that an endpoint is still to be told: --endpoint …')
    .action(async (id: string | undefined, bounds: Bounds) => {
      const client = await connect();
      if (id !== undefined) return print([await client.post<Delivery>(pathOf(id, '/cancel'), {})], bounds.json);
      tell(await inBulk(client, `${root}/cancel`, await wantedOf(client, bounds)), 'cancelled', bounds.json);
    });
  return deliveries;
}
