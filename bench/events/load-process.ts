import { connect, type Socket } from 'node:net';
import { type Job, type LoadResult, send } from './load';

/** Clients of a process of their own, so that what they cost is not the measured process's. One job, then the end. */
process.once('message', (job: Job) => {
  void carryOut(job);
});

async function carryOut(job: Job): Promise<void> {
  const result = await run(job);
  process.send?.(result, () => process.disconnect());
}

async function run(job: Job): Promise<LoadResult> {
  const times: number[] = [];
  const started = performance.now();
  const [warm, end] = [started + job.warmUpMs, started + job.warmUpMs + job.ms];
  const cpu = process.cpuUsage();
  let count = 0;
  const client = async (): Promise<void> => {
    const connection = await Connection.open(new URL(job.url));
    while (performance.now() < end) {
      const begun = performance.now();
      const id = `${job.program}-${job.run}-${(count += 1)}`;
      await connection.put(job, id);
      if (begun >= warm) times.push(performance.now() - begun);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: job.clients }, client));
  const { user, system } = process.cpuUsage(cpu);
  return { times, count, cpuMs: (user + system) / 1000 };
}

/**
 * One request after the other on a connection of its own, with no more of HTTP than the answers here need: a full client would
 * take more of the machine than the server that is measured.
 */
class Connection {
  private waiting: { resolve: () => void; reject: (error: Error) => void } | undefined;
  private received = '';

  private constructor(
    private readonly socket: Socket,
    private readonly host: string,
  ) {
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.take(chunk));
    socket.on('error', (error) => this.waiting?.reject(error));
    socket.on('close', () => this.waiting?.reject(new Error('The server closed the connection.')));
  }

  static open({ hostname, port, host }: URL): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(new Connection(socket, host)));
      socket.once('error', reject);
    });
  }

  put({ authorization, program }: Job, id: string): Promise<void> {
    const body = send(program, id);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(
        `PUT /events/${id} HTTP/1.1\r\nHost: ${this.host}\r\nAuthorization: ${authorization}\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
  }

  /** The answer to a PUT that was taken has no body: it ends with its head. */
  private take(chunk: string): void {
    this.received += chunk;
    if (!this.received.endsWith('\r\n\r\n')) return;
    const head = this.received;
    this.received = '';
    const waiting = this.waiting;
    this.waiting = undefined;
    if (head.startsWith('HTTP/1.1 200 ') && /^content-length: 0\r$/im.test(head)) waiting?.resolve();
    else waiting?.reject(new Error(`PUT was answered: ${head.slice(0, 300)}`));
  }

  close(): void {
    this.waiting = undefined;
    this.socket.destroy();
  }
}
