import type { OutboxEntry } from '../database/outbox';
import type { ImportJobRow } from './import-jobs.store';

export const workflowIdOf = (jobId: string): string => `import/${jobId}`;

/** What Temporal is to do for an import job. */
export const importWork = ({
  id,
  application_id,
  course_id,
  source,
}: Pick<ImportJobRow, 'id' | 'application_id' | 'course_id' | 'source'>): OutboxEntry => ({
  action: 'start',
  taskQueue: 'imports',
  workflowType: 'importCourse',
  workflowId: workflowIdOf(id),
  args: [{ jobId: id, fetch: source === 'fetch' }],
  reuse: 'reject',
  searchAttributes: {
    HubApplicationId: application_id,
    HubCourseId: course_id,
    HubJobId: id,
    HubState: 'RUNNING',
  },
  summary: `Import of a course by ${source}`,
});
