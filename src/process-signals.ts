/** Calls back when the process is asked to end. A second request ends it at once. */
export function onStop(stop: (signal: NodeJS.Signals) => void): void {
  let asked = false;
  const ask = (signal: NodeJS.Signals): void => {
    if (asked) process.exit(1);
    asked = true;
    stop(signal);
  };
  process.on('SIGTERM', ask);
  process.on('SIGINT', ask);
}
