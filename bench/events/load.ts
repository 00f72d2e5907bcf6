import { fork } from 'node:child_process';
import path from 'node:path';

export interface Job {
  url: string;
  authorization: string;
  program: string;
  /** Part of the events' ids. */
  run: string;
  clients: number;
  warmUpMs: number;
  ms: number;
}

export interface LoadResult {
  /** Ms that each took, after the warm-up. */
  times: number[];
  /** With those of the warm-up. */
  count: number;
  /** Of the clients' process, with the warm-up. */
  cpuMs: number;
}

/** An event of about 400 bytes, as partners send them. */
export const send = (program: string, id: string): string =>
  JSON.stringify({
    ProgramId: program,
    ProgramMemberId: `learner-${id.length}-${id.slice(-3)}@example.com`,
    EventType: 'AI_COMP_SUCCESS',
    EventStartUTC: '2026-01-31T12:00:00Z',
    EventEndUTC: '2026-01-31T12:30:00Z',
    EventData: { courseId: 'golf-basics', activityId: id, score: 0.93, attempts: 2, device: 'web', locale: 'en-GB' },
  });

/** Puts events by as many clients as one process holds. */
export function putLoad(job: Job): Promise<LoadResult> {
  const child = fork(path.join(__dirname, 'load-process.js'), { serialization: 'advanced' });
  return new Promise((resolve, reject) => {
    child.once('message', (result: LoadResult) => resolve(result));
    child.once('exit', (code) => reject(new Error(`the clients ended with ${code}`)));
    child.send(job);
  });
}
