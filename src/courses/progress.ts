/** How a long step tells that it lives and what it does, and learns that it should stop. */
export interface Progress {
  /** Cheap: may be called for every chunk. */
  say(message: string): void;
  /** Aborted when the work is cancelled or the worker shuts down. */
  signal: AbortSignal;
}
