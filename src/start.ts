import { messageOf } from './errors';
import { CannotStart } from './local/cannot-start';
import { LocalHub } from './local/local-hub';
import { TextProgress } from './local/progress';
import { readLocalSettings } from './local/settings';

/** npm passes on the Ctrl-C that the terminal has delivered to us already: what comes so soon after is the same key press. */
const sameKeyPressMs = 300;

/** `npm start`: Postgres, Temporal, the api and a worker on this machine, until Ctrl-C. */
async function main(): Promise<void> {
  const started = performance.now();
  const progress = new TextProgress((text) => process.stdout.write(text));
  const hub = LocalHub.open(readLocalSettings(process.env, process.argv.slice(2)), progress);
  const askedToStop = new Promise<'asked'>((resolve) =>
    onStopSignal(
      () => resolve('asked'),
      () => hub.force(),
    ),
  );
  const bringUp = async (): Promise<void> => {
    const table = await hub.start();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    progress.say(`${table}\nReady after ${seconds} s. Ctrl-C stops everything that was started here.`);
  };
  const up = bringUp();
  try {
    await Promise.race([up.then(() => askedToStop), askedToStop]);
  } finally {
    up.catch(() => undefined);
    await hub.stop();
  }
  progress.say('Stopped. The data stay where they are.');
}

function onStopSignal(first: () => void, again: () => void): void {
  let lastAt: number | undefined;
  const stop = (): void => {
    const isRepeat = lastAt !== undefined;
    if (lastAt !== undefined && performance.now() - lastAt < sameKeyPressMs) return;
    lastAt = performance.now();
    if (isRepeat) again();
    else first();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

main().then(
  () => process.exit(0), // A fetch of Temporal's program may still be under way.
  (error: unknown) => {
    const isExpected = error instanceof CannotStart;
    process.stderr.write(`\n${isExpected || !(error instanceof Error) ? messageOf(error) : error.stack}\n`);
    process.exit(1);
  },
);
