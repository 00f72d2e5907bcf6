import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import path from 'node:path';
import { ZipFile } from 'yazl';
import { machine, quantile, table } from './report';
import { type Stack, startStack } from './stack';

const files = 500;
const clients = 16;
const warmUpMs = 2000;
const ms = 10_000;

const manifest = `<?xml version="1.0"?><manifest identifier="bench" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
 xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"><metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
 <organizations default="o"><organization identifier="o"><title>Bench</title><item identifier="i" identifierref="r"><title>I</title></item>
 </organization></organizations><resources><resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="file-0.html"/></resources>
</manifest>`;

/** Pages of 2 to 38 KB that compress about as well as pages do. */
const pages = new Map(
  Array.from({ length: files }, (_, index): [string, string] => {
    const words = Array.from({ length: 300 + (index % 19) * 300 }, (__, word) =>
      ((word * 7919 + index) % 9973).toString(36),
    );
    return [`file-${index}.html`, `<!doctype html><title>${index}</title><p>${words.join(' ')}`];
  }),
);

async function packageOf(): Promise<Blob> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(manifest), 'imsmanifest.xml');
  for (const [name, text] of pages) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return new Blob([Buffer.concat(chunks)]);
}

/** Imports the course and opens it: the address of its files. */
async function openCourse({ url, authorization }: Stack): Promise<string> {
  const headers = { authorization };
  const form = new FormData();
  form.append('file', await packageOf(), 'bench.zip');
  const upload = `${url}/api/v2/courses/importJobs/upload?courseId=content&mayCreateNewVersion=true`;
  const { result } = (await (await fetch(upload, { method: 'POST', headers, body: form })).json()) as {
    result: string;
  };
  for (;;) {
    const job = await fetch(`${url}/api/v2/courses/importJobs/${result}`, { headers });
    const { status, message } = (await job.json()) as { status: string; message: string };
    if (status === 'ERROR') throw new Error(message);
    if (status === 'COMPLETE') break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const preview = await fetch(`${url}/api/v2/courses/content/preview`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{}',
  });
  const { launchLink } = (await preview.json()) as { launchLink: string };
  const opened = await fetch(launchLink, { redirect: 'manual' });
  return new URL('content/', new URL(opened.headers.get('location')!, launchLink)).href;
}

interface Figures {
  perSecond: number;
  median: number;
  p99: number;
}

/** Asks for one file after the other on as many connections as there are clients. */
async function load(base: string, headers: Record<string, string>): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const measured: number[] = [];
  const started = performance.now();
  const end = started + warmUpMs + ms;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let index = client * 31; performance.now() < end; index += 1) {
        const begun = performance.now();
        await read(`${base}file-${index % files}.html`, agent, headers);
        if (begun - started > warmUpMs) measured.push(performance.now() - begun);
      }
    }),
  );
  agent.destroy();
  return {
    perSecond: Math.round(measured.length / (ms / 1000)),
    median: quantile(measured, 0.5),
    p99: quantile(measured, 0.99),
  };
}

const read = (url: string, agent: Agent, headers: Record<string, string>): Promise<void> =>
  new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${response.statusCode} for ${url}`));
      response.resume().on('end', resolve);
    }).on('error', reject);
  });

function startStatic(folder: string, how: string): Promise<{ url: string; process: ChildProcess }> {
  const child = fork(path.join(__dirname, 'content', 'static-server.js'), [folder, how]);
  return new Promise((resolve, reject) => {
    child.once('message', (port: number) => resolve({ url: `http://127.0.0.1:${port}/`, process: child }));
    child.once('error', reject);
  });
}

async function bare(folder: string, how: string, headers: Record<string, string>): Promise<Figures> {
  const { url, process: server } = await startStatic(folder, how);
  try {
    return await load(url, headers);
  } finally {
    server.kill();
  }
}

/** Files a second out of a stored package, beside a server that does nothing but send the same files from a folder. */
export async function benchContent(): Promise<string> {
  const stack = await startStack({ LOG_LEVEL: 'info' });
  try {
    const folder = path.join(stack.folder, 'files');
    mkdirSync(folder);
    for (const [name, text] of pages) writeFileSync(path.join(folder, name), text);
    const base = await openCourse(stack);
    const gzip = { 'accept-encoding': 'gzip' };
    const plain = { 'accept-encoding': 'identity' };
    const bareGzip = await bare(folder, 'gzip', gzip);
    const barePlain = await bare(folder, 'plain', plain);
    const rows: [string, Figures, Figures?][] = [
      ['bare server, compressing', bareGzip],
      ['content origin, gzip as stored', await load(base, gzip), bareGzip],
      ['bare server, as they are', barePlain],
      ['content origin, unpacked', await load(base, plain), barePlain],
    ];
    const lines = rows.map(([name, { perSecond, median, p99 }, baseline]) => [
      name,
      perSecond,
      baseline ? (perSecond / baseline.perSecond).toFixed(2) : '',
      median.toFixed(1),
      p99.toFixed(1),
    ]);
    return `## Content

${machine()}

${clients} clients in one process, each with one request under way, for ${ms / 1000} s, over ${files} pages of 1 to 30 KB of one
course; the servers are processes of their own, on the same cores. The baseline sends the same files from a folder, with Node's
\`http\` and nothing else.

${table(['', 'files a second', 'of the baseline', 'median ms', 'p99 ms'], lines)}
`;
  } finally {
    await stack.stop();
  }
}
