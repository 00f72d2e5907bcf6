import type { Transaction } from '../database/connection';
import type { Resources } from '../resources';
import { keepUnit } from './keep-unit';
import type { RegistrationActivityRow } from './registrations.store';
import { noResult } from './results.rules';
import type { UnitJudgement, UnitReport } from './unit-rules';

/**
 * Writes what a report came to: the unit's result, the course's, and that the content was heard. Answers whether a launch that had
 * timed out goes on. What the judgement has the hub say is still to be stored.
 */
export async function keepJudgement(
  tx: Transaction,
  report: Omit<UnitReport, 'statements'>,
  { result, seconds, ...judgement }: Omit<UnitJudgement, 'statements'>,
  needs: Pick<Resources, 'wake'>,
): Promise<boolean> {
  const { unit, registration, activities, now } = report;
  const known = activities.get(unit.activity_id);
  const row: RegistrationActivityRow = {
    ...noResult,
    cmi: {},
    ...known,
    ...result,
    registration_id: registration.id,
    activity_id: unit.activity_id,
    seconds: seconds ?? known?.seconds ?? 0,
    attempts: (known?.attempts ?? 0) + (unit.heard_at === null ? 1 : 0),
    // Of run-time data alone: whether a unit's content is under way stands in its unit session.
    session_open: false,
    updated_at: now,
  };
  return keepUnit(tx, report, row, judgement, needs);
}
