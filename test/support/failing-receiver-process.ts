import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ReceiverOrder, ReceiverReport, Script } from './failing-receiver';
import * as replies from './receivers';

const named = {
  ok: replies.ok,
  status: replies.status,
  redirect: replies.redirect,
  tooManyRequests: replies.tooManyRequests,
  hang: replies.hang,
  reset: replies.reset,
  resetMidAnswer: replies.resetMidAnswer,
  cutShort: replies.cutShort,
  trickle: replies.trickle,
  endless: replies.endless,
  raw: replies.raw,
};
/** What a script can name. */
export type NamedReplies = typeof named;

/** The process of failing-receiver.ts: `node -r typescript-hook.js failing-receiver-process.ts`, led over IPC. */

interface Origin {
  port: number;
  running: replies.Receiver | undefined;
}

const origins: Origin[] = [];
const scripts: Script[] = [];
/** How many answers each script has given, by what it counts. */
const given = new Map<Script, Map<string, number>>();
let certificate: replies.Certificate | undefined;

const tell = (report: ReceiverReport): void => void process.send?.(report);

function answer(origin: number, response: ServerResponse, request: IncomingMessage): void {
  const { url: path = '' } = request;
  tell({ report: 'received', request: { origin, ...(origins[origin]?.running?.received.at(-1) ?? missing()) } });
  const script = scripts.find((one) => matches(one, origin, path));
  if (script) reply(script, path)(response, request);
  else replies.ok()(response, request);
}

const missing = (): never => {
  throw new Error('a request that was not received');
};

const matches = ({ origin, under = '/' }: Script, asked: number, path: string): boolean =>
  (origin === undefined || origin === asked) && path.startsWith(under);

/** The next of the script's replies; the last one from then on. */
function reply(script: Script, path: string): replies.Reply {
  const counts = given.get(script) ?? new Map<string, number>();
  given.set(script, counts);
  const counted = script.eachPath ? path : '';
  const count = counts.get(counted) ?? 0;
  counts.set(counted, count + 1);
  const [name, ...args] = script.replies[Math.min(count, script.replies.length - 1)] ?? ['ok'];
  // Name and arguments belong together by the type of a script, which is lost in their separation.
  const chosen = (named[name] as (...of: unknown[]) => replies.Reply)(...args);
  return script.afterMs === undefined ? chosen : replies.after(script.afterMs, chosen);
}

/** Below the ports of outgoing connections: a client that tries a closed one of those often is connected to itself one day. */
const somePort = (): number => 12_000 + Math.floor(Math.random() * 20_000);

async function open(index: number): Promise<void> {
  const origin = origins[index];
  const take: replies.Reply = (response, request) => answer(index, response, request);
  const start = (port: number): Promise<replies.Receiver> =>
    certificate ? replies.startTlsReceiverOn(port, certificate, take) : replies.startReceiverOn(port, take);
  if (origin) {
    origin.running ??= await start(origin.port);
    return;
  }
  for (let tries = 0; tries < 100 && !origins[index]; tries += 1) {
    const port = somePort();
    const running = await start(port).catch(() => undefined); // Somebody else has the port.
    if (running) origins[index] = { port, running };
  }
}

async function follow(order: ReceiverOrder): Promise<void> {
  if (order.order === 'start') {
    if (order.certificate) certificate = await replies.createCertificate(order.certificate);
    for (const port of order.ports) origins.push({ port, running: undefined });
    for (let index = 0; index < order.origins; index += 1) await open(index);
  } else if (order.order === 'script') {
    scripts.splice(0, scripts.length, ...order.scripts);
  } else if (order.order === 'accept') {
    await open(order.origin);
  } else {
    const origin = origins[order.origin];
    await origin?.running?.close();
    if (origin) origin.running = undefined;
  }
  tell({ report: 'done', urls: origins.map(({ port }) => `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`) });
}

process.on('message', (order: ReceiverOrder) => {
  follow(order).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit(0));
