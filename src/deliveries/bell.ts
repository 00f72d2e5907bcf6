/** Something to wait for that may ring before anybody waits. Rings in between are one. */
export class Bell {
  private rung = false;
  private answer: (() => void) | undefined;

  readonly ring = (): void => {
    this.rung = true;
    this.answer?.();
  };

  /** Resolves at the next ring, at once where it has rung since the last wait, or when the time is over. */
  async wait(ms: number): Promise<void> {
    if (!this.rung) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.answer = resolve;
        timer = setTimeout(resolve, ms);
      });
      clearTimeout(timer);
      this.answer = undefined;
    }
    this.rung = false;
  }
}
