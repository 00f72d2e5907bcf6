import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

const maxBytes = 20 * 1024 * 1024;

/** A log that takes at most twice `maxBytes` of disk: the file, and the one before it under `.1`. */
export class LogFile {
  private descriptor: number;
  private bytes: number;

  constructor(readonly path: string) {
    this.descriptor = openSync(path, 'a', 0o600);
    this.bytes = fstatSync(this.descriptor).size;
  }

  write(line: string): void {
    this.bytes += writeSync(this.descriptor, `${line}\n`);
    if (this.bytes >= maxBytes) this.turn();
  }

  private turn(): void {
    closeSync(this.descriptor);
    renameSync(this.path, `${this.path}.1`);
    this.descriptor = openSync(this.path, 'a', 0o600);
    this.bytes = 0;
  }
}
