import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { version as sdkVersion } from '@temporalio/worker/package.json';
import { EnvHttpProxyAgent, fetch } from 'undici';
import type { TemporalProgram } from './temporal-program';

/** A network that refuses must not keep anybody waiting: to find out takes at most this long. */
const answerWithin = 10_000;
/** An archive holds up to 80 MB; only standing still ends its download. */
const stallsAfter = 30_000;

const artifacts: Record<TemporalProgram, string> = { temporal: 'cli', 'temporal-test-server': 'temporal-test-server' };

interface Archive {
  archiveUrl: string;
  fileToExtract: string;
}

/**
 * Downloads what the SDK would download for its test environments: the service names the build that suits the SDK's version.
 * The SDK has no function that answers where it put the file, hence this one. Proxies of the environment are used.
 */
export async function downloadTemporal(
  program: TemporalProgram,
  folder: string,
  env: Readonly<NodeJS.ProcessEnv>,
): Promise<string> {
  const dispatcher = new EnvHttpProxyAgent({
    ...proxiesOf(env),
    connect: { timeout: answerWithin },
    headersTimeout: stallsAfter,
    bodyTimeout: stallsAfter,
  });
  try {
    const { archiveUrl, fileToExtract } = await findArchive(program, dispatcher);
    const archive = path.join(folder, archiveUrl.endsWith('.zip') ? 'archive.zip' : 'archive.tar.gz');
    const { ok, status, body } = await fetch(archiveUrl, { dispatcher });
    if (!ok || !body) throw new Error(`${archiveUrl} answered ${status}`);
    await pipeline(Readable.fromWeb(body), createWriteStream(archive));
    extract(archive, fileToExtract, folder);
    return path.join(folder, fileToExtract);
  } finally {
    await dispatcher.destroy();
  }
}

const proxiesOf = (env: Readonly<NodeJS.ProcessEnv>): EnvHttpProxyAgent.Options => ({
  httpProxy: env['http_proxy'] ?? env['HTTP_PROXY'] ?? '',
  httpsProxy: env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '',
  noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '',
});

async function findArchive(program: TemporalProgram, dispatcher: EnvHttpProxyAgent): Promise<Archive> {
  const address = new URL(`https://temporal.download/${artifacts[program]}/default`);
  address.search = new URLSearchParams({
    arch: process.arch === 'x64' ? 'amd64' : process.arch,
    platform: process.platform === 'win32' ? 'windows' : process.platform,
    format: process.platform === 'win32' ? 'zip' : 'tar.gz',
    'sdk-name': 'sdk-typescript',
    'sdk-version': sdkVersion,
  }).toString();
  const response = await fetch(address, { dispatcher, signal: AbortSignal.timeout(answerWithin) }).catch(explain);
  if (!response.ok) throw new Error(`${address.origin} answered ${response.status}`);
  return (await response.json()) as Archive;
}

/** `tar` is part of Linux, macOS and Windows 10; on the latter it reads zip files too. */
function extract(archive: string, file: string, folder: string): void {
  const { status, stderr, error } = spawnSync('tar', ['-xf', archive, '-C', folder, file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the archive could not be unpacked: ${error?.message ?? stderr.trim()}`);
}

/** `fetch` says "fetch failed" and keeps the reason to itself; of several addresses that failed it is a code alone. */
function explain(error: Error & { cause?: { message?: string; code?: string } }): never {
  throw new Error(error.cause?.message || error.cause?.code || error.message, { cause: error });
}
