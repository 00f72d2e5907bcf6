import type { Knex } from 'knex';

/** Millisecond times, because a page's last row is remembered by a JavaScript date. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create extension if not exists pg_trgm;
    create extension if not exists btree_gin;
    alter table courses
      alter created_at type timestamptz(3),
      alter updated_at type timestamptz(3),
      add tags_text text not null default '';
    alter table course_versions
      alter created_at type timestamptz(3),
      alter updated_at type timestamptz(3);
    update courses set tags_text = array_to_string(tags, chr(10));
    create index courses_updated_idx on courses (application_id, updated_at, id) where deleted_at is null;
    create index courses_title_idx on courses (application_id, title, id) where deleted_at is null;
    create index courses_course_id_search_idx on courses using gin (application_id, course_id gin_trgm_ops)
      where deleted_at is null;
    create index courses_title_search_idx on courses using gin (application_id, title gin_trgm_ops)
      where deleted_at is null;
    create index courses_tags_search_idx on courses using gin (application_id, tags_text gin_trgm_ops)
      where deleted_at is null;
    create index courses_tags_idx on courses using gin (application_id, tags) where deleted_at is null;
    comment on column courses.tags_text is 'the tags, a line each: what a search in them reads';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop index courses_tags_idx, courses_tags_search_idx, courses_title_search_idx, courses_course_id_search_idx,
      courses_title_idx, courses_updated_idx;
    alter table course_versions alter created_at type timestamptz, alter updated_at type timestamptz;
    alter table courses drop tags_text, alter created_at type timestamptz, alter updated_at type timestamptz;
    drop extension btree_gin;
    drop extension pg_trgm;
  `);
}
