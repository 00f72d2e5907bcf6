import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { machine, median, quantile, table } from './report';
import { type Stack, startStack } from './stack';

const MB = 1_000_000;
const rounds = 7;
const smallPackages = 600;
const smallConcurrency = 8;

const manifest = (title: string): string => `<?xml version="1.0"?>
<manifest identifier="m" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="o"><organization identifier="o"><title>${title}</title>
<item identifier="i" identifierref="r"><title>Lesson</title></item></organization></organizations>
<resources><resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="index.html"><file href="index.html"/></resource></resources>
</manifest>`;

/** Text that deflates about 3:1, as pages and scripts do: pieces of one long text, so that making it costs little. */
const prose = ((): Buffer => {
  const words = Array.from({ length: 4000 }, () => randomBytes(2 + Math.floor(Math.random() * 5)).toString('hex'));
  const chosen = Array.from({ length: 800_000 }, () => words[Math.floor(Math.random() ** 2 * words.length)]);
  return Buffer.from(chosen.join(' '));
})();

function text(bytes: number): Buffer {
  const pieces: Buffer[] = [];
  for (let length = 0; length < bytes; length += pieces.at(-1)!.length) {
    const start = Math.floor(Math.random() * (prose.length / 2));
    pieces.push(prose.subarray(start, Math.min(prose.length, start + bytes - length)));
  }
  return Buffer.concat(pieces);
}

/** A package of about the given size on disk: half of it text that was deflated, half pictures that do not deflate. */
export async function makePackage(file: string, megabytes: number, files: number): Promise<void> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(manifest(path.basename(file))), 'imsmanifest.xml');
  zip.addBuffer(Buffer.from('<!doctype html><title>Lesson</title>'), 'index.html');
  const each = Math.floor((megabytes * MB) / files);
  for (let i = 0; i < files - 2; i += 1) {
    const isText = i % 2 === 0;
    zip.addBuffer(isText ? text(each * 3) : randomBytes(each), `content/${i % 40}/${i}.${isText ? 'html' : 'jpg'}`, {
      compress: isText,
    });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
}

/** Uploads as a client in another language would: one part, streamed from the disk in large pieces. */
function upload(stack: Stack, file: string, courseId: string): Promise<{ result: string; message?: string }> {
  const boundary = 'learning-hub-bench';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="p.zip"\r\nContent-Type: application/zip\r\n\r\n`;
  const tail = `\r\n--${boundary}--\r\n`;
  return new Promise((resolve, reject) => {
    const request = http.request(`${stack.url}/api/v2/courses/importJobs/upload?courseId=${courseId}`, {
      method: 'POST',
      headers: {
        authorization: stack.authorization,
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': head.length + statSync(file).size + tail.length,
      },
    });
    request.on('error', reject);
    request.on('response', (response) => void json(response).then(resolve as (body: unknown) => void, reject));
    request.write(head);
    const body = createReadStream(file, { highWaterMark: 1024 * 1024 });
    body.on('end', () => request.end(tail)).on('error', reject);
    body.pipe(request, { end: false });
  });
}

/** Times in ms: from the request, and from the answer to the upload, until the job says COMPLETE. */
export interface ImportTimes {
  whole: number;
  job: number;
}

export async function importPackage(stack: Stack, file: string, courseId: string): Promise<ImportTimes> {
  const started = performance.now();
  const headers = { authorization: stack.authorization };
  const { result, message } = await upload(stack, file, courseId);
  if (!result) throw new Error(`the import was refused: ${message}`);
  const answered = performance.now();
  for (;;) {
    const job = await fetch(`${stack.url}/api/v2/courses/importJobs/${result}`, { headers });
    const status = (await job.json()) as { status: string; message: string };
    if (status.status === 'COMPLETE') return { whole: performance.now() - started, job: performance.now() - answered };
    if (status.status === 'ERROR') throw new Error(`the import failed: ${status.message}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What one measurement leaves unwritten must not be written at the cost of the next. */
const settle = (): void => void execFileSync('sync');

function unzip(file: string, folder: string): number {
  settle();
  const started = performance.now();
  execFileSync('unzip', ['-q', '-o', file, '-d', folder]);
  const ms = performance.now() - started;
  rmSync(folder, { recursive: true, force: true });
  settle();
  return ms;
}

async function compareWithUnzip(stack: Stack, megabytes: number, files: number): Promise<string[]> {
  const imports: ImportTimes[] = [];
  const unzips: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // Content of its own each time: equal content would be recognised and not read again.
    const file = path.join(stack.folder, `${files}-${round}.zip`);
    await makePackage(file, megabytes, files);
    unzips.push(unzip(file, path.join(stack.folder, 'unzipped')));
    imports.push(await importPackage(stack, file, `bench-${files}-${round}`));
    rmSync(file);
  }
  const theirs = median(unzips.slice(1));
  const job = median(imports.slice(1).map((times) => times.job));
  const whole = median(imports.slice(1).map((times) => times.whole));
  return [
    `${megabytes} MB, ${files.toLocaleString('en')} files`,
    `${Math.round(theirs)} ms`,
    `${Math.round(job)} ms`,
    `**${(job / theirs).toFixed(2)}**`,
    `${Math.round(whole)} ms`,
    (whole / theirs).toFixed(2),
  ];
}

async function growthDuring(stack: Stack, work: () => Promise<unknown>): Promise<{ api: number; worker: number }> {
  const before = { api: stack.memoryOf('api'), worker: stack.memoryOf('worker') };
  const highest = { ...before };
  const sample = setInterval(() => {
    for (const name of ['api', 'worker'] as const) highest[name] = Math.max(highest[name], stack.memoryOf(name));
  }, 20);
  await work();
  clearInterval(sample);
  return { api: (highest.api - before.api) / MB, worker: (highest.worker - before.worker) / MB };
}

export async function smallPackagesThrough(stack: Stack): Promise<string> {
  const file = path.join(stack.folder, 'small.zip');
  const latencies: number[] = [];
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: smallConcurrency }, async (_, lane) => {
      while (next < smallPackages) {
        const number = (next += 1);
        const own = `${file}.${lane}`;
        await makePackage(own, 0.05, 12);
        latencies.push((await importPackage(stack, own, `small-${number}`)).whole);
      }
    }),
  );
  const perMinute = Math.round((latencies.length / (performance.now() - started)) * 60_000);
  return (
    `${latencies.length} packages of 50 KB and 12 files, ${smallConcurrency} at a time: **${perMinute} a minute**, ` +
    `from the request to COMPLETE p50 ${Math.round(quantile(latencies, 0.5))} ms, p99 ${Math.round(quantile(latencies, 0.99))} ms.`
  );
}

export async function benchImport(): Promise<string> {
  const stack = await startStack();
  try {
    const warm = path.join(stack.folder, 'warm.zip');
    await makePackage(warm, 5, 100);
    await importPackage(stack, warm, 'warm');
    const large = path.join(stack.folder, 'large.zip');
    await makePackage(large, 1000, 2000);
    const largeMb = Math.round(statSync(large).size / MB);
    const growth = await growthDuring(stack, () => importPackage(stack, large, 'large'));
    rmSync(large);
    const rows = [await compareWithUnzip(stack, 100, 6000), await compareWithUnzip(stack, 100, 400)];
    const small = await smallPackagesThrough(stack);
    return `## Import

${machine()}

Beside \`unzip -q\` of the same file to the same disk in the same run; median of ${rounds - 1} rounds, content of its own in
each. The job: from the answer to the upload until COMPLETE. With the upload: from the request on, so that the file's way over
HTTP, its hash and its flush to the disk are in it too.

${table(['package', 'unzip', 'job', 'ratio', 'with the upload', 'ratio'], rows)}

Memory while a package of ${largeMb} MB is uploaded and imported: the api grows by ${Math.round(growth.api)} MB, the worker by ${Math.round(growth.worker)} MB.

${small}
`;
  } finally {
    await stack.stop();
  }
}
