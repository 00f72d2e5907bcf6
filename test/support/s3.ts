import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** moto: an S3 server in Python with a full multipart implementation, installed in ten seconds. */
const packages = ['moto[s3]==5.2.5', 'flask~=3.1', 'flask-cors~=6.0'];

/** Ends with this process, however that ends: its standard input then closes. */
const serve = `
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
from moto.server import main
main(['-H', '127.0.0.1', '-p', '0'])
`;

export interface TestS3 {
  endpoint: string;
  /** A new, empty bucket. */
  createBucket(): Promise<string>;
  stop(): Promise<void>;
}

/** Why there can be no S3 server here; undefined when there can. */
export function whyNoS3(): string | undefined {
  if (process.env['TEST_S3_ENDPOINT']) return undefined;
  const pip = spawnSync('python3', ['-m', 'pip', '--version']);
  return pip.status === 0 ? undefined : 'python3 with pip is not installed';
}

/**
 * Starts an S3 server, installing it the first time. `TEST_S3_ENDPOINT` names one that runs already, with the usual AWS
 * variables for its credentials.
 */
export async function startS3(): Promise<TestS3> {
  const given = process.env['TEST_S3_ENDPOINT'];
  if (given) return connect(given, async () => {});
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  const installed = await install();
  const server = spawn('python3', ['-c', serve], {
    env: { ...process.env, PYTHONPATH: installed },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  return connect(await endpointOf(server), async () => {
    server.stdin.end();
    if (server.exitCode === null) await once(server, 'exit');
  });
}

function connect(endpoint: string, stop: () => Promise<void>): TestS3 {
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true });
  const createBucket = async () => {
    const bucket = `test-${randomUUID()}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    return bucket;
  };
  return { endpoint, createBucket, stop };
}

/** A folder per Python version, because some packages are compiled for one. */
async function install(): Promise<string> {
  const run = promisify(execFile);
  const { stdout } = await run('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  const installed = resolve(`.cache/moto-5.2.5-python-${stdout.trim()}`);
  if (existsSync(installed)) return installed;
  const unfinished = `${installed}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', unfinished, ...packages]);
  // Another test process may have been quicker.
  await rename(unfinished, installed).catch(() => rm(unfinished, { recursive: true }));
  return installed;
}

async function endpointOf(server: ChildProcess): Promise<string> {
  const said: string[] = [];
  for await (const line of createInterface({ input: server.stderr! })) {
    said.push(line);
    const address = /Running on (http:\/\/\S+)/.exec(line)?.[1];
    if (!address) continue;
    server.stderr!.resume();
    return address;
  }
  throw new Error(`The S3 server for tests did not start:\n${said.join('\n')}`);
}
