import type { Database } from '../database/connection';
import type { EventRow } from './events.store';

/** The last position that was given out; nobody's is above it. */
export async function findLastPosition(db: Database): Promise<number> {
  const { rows } = await db.raw<{ rows: { last: number }[] }>('select last_value as last from event_feed_position');
  return rows[0]!.last;
}

/** Of a program's revisions between two positions the first: where each lies, and its type. */
export async function listTypesBetween(
  db: Database,
  programId: string,
  { after, until }: { after: number; until: number },
  limit: number,
): Promise<Pick<EventRow, 'position' | 'event_type'>[]> {
  const { rows } = await db.raw<{ rows: Pick<EventRow, 'position' | 'event_type'>[] }>(
    `select l.place as position, f.event_type
     from feed_positions(array[:programId], 'program', null, :after, :limit) l
     cross join lateral (select event_type from event_feed where position = l.place offset 0) f
     where l.place <= :until order by l.place`,
    { programId, after, until, limit },
  );
  return rows;
}

/** What lies at these positions and is said still: neither changed since nor deleted. */
export async function findCurrentAt(db: Database, positions: readonly number[]): Promise<EventRow[]> {
  const { rows } = await db.raw<{ rows: EventRow[] }>(
    `select f.* from unnest(:positions::bigint[]) as p (position)
     cross join lateral (select * from event_feed where position = p.position offset 0) f
     cross join lateral (select position from events where id = f.event_id offset 0) e
     where e.position = f.position and not f.deleted order by f.position`,
    { positions },
  );
  return rows;
}
