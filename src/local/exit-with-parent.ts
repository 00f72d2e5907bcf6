/** Longer than an orderly stop takes. */
const patience = 40_000;

/**
 * Ends this process when the one that started it is gone, however that went: the system then closes the pipe which is our
 * standard input (`local-process.ts` holds its other end and writes nothing). To be called when HUB_PARENT is set.
 */
export function exitWithParent(): void {
  const end = (): void => {
    // The ordinary way out, with all that it does for running work.
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), patience).unref();
  };
  // Nobody reads our output any more: writing it must not end us before we are done.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.stdin.once('end', end).once('error', end).resume();
  process.stdin.unref();
}
