/** Resolves when the process is asked to end. A second request ends it at once. */
export function toldToStop(): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (signal: string): void => {
      if (asked) process.exit(1);
      asked = true;
      resolve(signal);
    };
    process.on('SIGTERM', () => ask('SIGTERM'));
    process.on('SIGINT', () => ask('SIGINT'));
  });
}
