import { fork } from 'node:child_process';
import { Client } from 'pg';
import { type LoadResult, send } from './load';

interface BaselineJob {
  databaseUrl: string;
  clients: number;
  warmUpMs: number;
  ms: number;
}

/**
 * As many bare connections, in a process of their own, each inserting one row and committing it, over and over: the feed's
 * table with its indexes, without the table of ids.
 */
export function bareInserts(job: BaselineJob): Promise<LoadResult> {
  const child = fork(__filename, { serialization: 'advanced' });
  return new Promise((resolve, reject) => {
    child.once('message', (result: LoadResult) => resolve(result));
    child.once('exit', (code) => reject(new Error(`the baseline ended with ${code}`)));
    child.send(job);
  });
}

async function carryOut(job: BaselineJob): Promise<void> {
  const result = await run(job);
  process.send?.(result, () => process.disconnect());
}

async function run({ databaseUrl, clients, warmUpMs, ms }: BaselineJob): Promise<LoadResult> {
  const sessions = Array.from({ length: clients }, () => new Client({ connectionString: databaseUrl }));
  await Promise.all(sessions.map((session) => session.connect()));
  const times: number[] = [];
  const started = performance.now();
  const cpu = process.cpuUsage();
  let count = 0;
  const text = `insert into event_feed (position, event_id, program_id, revision, deleted, event_type, member_id, starts_at, ends_at, data)
    values ($1, $2, $3, 1, false, $4, $5, $6, $7, $8)`;
  const loop = async (session: Client): Promise<void> => {
    while (performance.now() < started + warmUpMs + ms) {
      const begun = performance.now();
      const id = `DEMO-bare-${(count += 1)}`;
      const event = JSON.parse(send('DEMO', id)) as Record<string, string | object>;
      const values = [
        // In the future of the feed's own, so that both are unique.
        Date.now() * 1000 + 1e12 + count,
        id,
        event['ProgramId'],
        event['EventType'],
        event['ProgramMemberId'],
        event['EventStartUTC'],
        event['EventEndUTC'],
        JSON.stringify(event['EventData']),
      ];
      await session.query({ name: 'insert', text, values });
      if (begun >= started + warmUpMs) times.push(performance.now() - begun);
    }
  };
  await Promise.all(sessions.map(loop));
  const { user, system } = process.cpuUsage(cpu);
  await sessions[0]!.query(`delete from event_feed where event_id like 'DEMO-bare-%' and position > $1`, [
    Date.now() * 1000 + 5e11,
  ]);
  await Promise.all(sessions.map((session) => session.end()));
  return { times, count, cpuMs: (user + system) / 1000 };
}

if (process.send && require.main === module) {
  process.once('message', (job: BaselineJob) => {
    void carryOut(job);
  });
}
