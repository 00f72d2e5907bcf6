import type { Static } from '@sinclair/typebox';
import type { ImportJobRow } from './import-jobs.store';
import type { ImportJobResult } from './import-jobs.schemas';

/** A job as its status and its postback show it (ImportJobResultSchema). */
export function presentImportJob({
  id,
  status,
  message,
  result,
}: Pick<ImportJobRow, 'id' | 'status' | 'message' | 'result'>): Static<typeof ImportJobResult> {
  return {
    jobId: id,
    status,
    message,
    ...(result === null ? {} : { importResult: result as Static<typeof ImportJobResult>['importResult'] & object }),
  };
}
