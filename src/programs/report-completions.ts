import { conflict, type ErrorDetail } from '../errors';
import { type CompletionRow, getBySource, type NewCompletion } from './completions.store';
import { type CompletionReport, recordCompletionsIn } from './record-completions';
import { changeEnrollments, type EnrollmentNeeds } from './write-enrollments';

export type HubReport = Omit<CompletionReport, 'door'>;

/**
 * Records completions that come through the hub API, all or none, and answers what is stored of each. A source id that
 * stands for another learner or course already is a conflict.
 */
export const reportCompletions = (
  applicationId: string,
  reports: readonly HubReport[],
  needs: EnrollmentNeeds,
  now: Date = new Date(),
): Promise<CompletionRow[]> =>
  changeEnrollments(needs, async (tx) => {
    const doored = reports.map((report) => ({ ...report, door: 'hub' as const }));
    const meant = await recordCompletionsIn(tx, applicationId, doored, now);
    const stored = await getBySource(
      tx,
      { applicationId, door: 'hub' },
      meant.map(({ source_id }) => source_id),
    );
    const others = meant.flatMap((completion, index): ErrorDetail[] =>
      isSame(completion, stored[index]!)
        ? []
        : [{ index, path: 'source_id', message: 'stands for the completion of another learner or course' }],
    );
    if (others.length > 0)
      throw conflict('A source id is taken; nothing was stored.', { code: 'taken', details: others });
    return stored;
  });

const isSame = (meant: NewCompletion, stored: CompletionRow): boolean =>
  meant.course_id === stored.course_id &&
  (meant.learner_id === stored.learner_id || meant.learner_id === null || stored.learner_id === null);
