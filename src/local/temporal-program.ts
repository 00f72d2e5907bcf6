/** The programs that Temporal publishes and npm does not carry: the CLI with its dev server, and the time-skipping test server. */
export type TemporalProgram = 'temporal' | 'temporal-test-server';

export const programFile = (program: TemporalProgram): string =>
  process.platform === 'win32' ? `${program}.exe` : program;
