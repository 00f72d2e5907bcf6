import type { Program, ProgramSummary } from './programs.schemas';
import type { ProgramRow } from './programs.store';
import type { Program as StoredProgram } from './save-program';

export const presentProgramSummary = (row: ProgramRow): ProgramSummary => ({
  id: row.id,
  title: row.title,
  description: row.description,
  ...row.settings,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

export const presentProgram = (program: StoredProgram): Program => ({
  ...presentProgramSummary(program),
  items: program.items.map(({ id, course_id, title, requires_approval, days_until_due, waived_at }) => ({
    id,
    course_id,
    title,
    requires_approval,
    days_until_due,
    waived_at: waived_at?.toISOString() ?? null,
  })),
});
