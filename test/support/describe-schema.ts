import type { Database } from '../../src/database/connection';

/** Everything of a database's schema that a migration can change, as SQL text in a fixed order. */
export async function describeSchema(db: Database): Promise<string> {
  const { rows } = await db.raw<{ rows: { line: string }[] }>(`
    with tables as (
      select c.oid, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname not in ('migrations', 'migrations_lock')
    ), lines as (
      select relname, 0 as part, 0 as position, 'table ' || relname as line from tables
      union all
      select relname, 1, attnum, '  ' || attname || ' ' || format_type(atttypid, atttypmod)
        || case when attnotnull then ' not null' else '' end
        || case when attidentity <> '' then ' identity' else '' end
        || coalesce(' default ' || pg_get_expr(adbin, adrelid), '')
      from tables join pg_attribute on attrelid = tables.oid and attnum > 0 and not attisdropped
      left join pg_attrdef on adrelid = tables.oid and adnum = attnum
      union all
      select relname, 2, 0, '  constraint ' || conname || ' ' || pg_get_constraintdef(c.oid)
      from tables join pg_constraint c on conrelid = tables.oid and contype <> 'n'
      union all
      select relname, 3, 0, '  ' || pg_get_indexdef(indexrelid)
      from tables join pg_index on indrelid = tables.oid
      where not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))
      union all
      select proname, 0, 0, 'function ' || proname || '(' || pg_get_function_identity_arguments(p.oid) || ') '
        || encode(sha256(convert_to(pg_get_functiondef(p.oid), 'UTF8')), 'hex')
      from pg_proc p join pg_namespace n on n.oid = pronamespace
      where nspname = 'public' and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
      union all
      select relname, 4, 0, '  ' || pg_get_triggerdef(t.oid) from tables join pg_trigger t on tgrelid = tables.oid and not tgisinternal
    )
    select line from lines order by relname, part, position, line`);
  return `${rows.map(({ line }) => line).join('\n')}\n`;
}
