import { Agent, request } from 'node:http';
import { type Job, send } from './load';

/** Clients of a process of their own, so that what they cost is not the measured process's. One job, then the end. */
process.once('message', (job: Job) => {
  void carryOut(job);
});

async function carryOut(job: Job): Promise<void> {
  const times = await run(job);
  process.send?.(times, () => process.disconnect());
}

async function run(job: Job): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: job.clients });
  const times: number[] = [];
  const started = performance.now();
  const [warm, end] = [started + job.warmUpMs, started + job.warmUpMs + job.ms];
  let count = 0;
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      const begun = performance.now();
      const id = `${job.program}-${job.run}-${(count += 1)}`;
      await put(job, agent, id);
      if (begun >= warm) times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: job.clients }, client));
  agent.destroy();
  return times;
}

const put = (job: Job, agent: Agent, id: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const body = send(job.program, id);
    const headers = {
      authorization: job.authorization,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const call = request(`${job.url}/events/${id}`, { method: 'PUT', agent, headers }, (answer) => {
      answer.resume();
      answer.once('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`PUT: ${answer.statusCode}`)),
      );
    });
    call.once('error', reject);
    call.end(body);
  });
