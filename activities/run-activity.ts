import { activityInfo, ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { type ErrorKind, isAppError, messageOf } from '../src/errors';
import type { Logger } from '../src/log';

/** Kinds of error that a second try cannot mend: the input is at fault, not the moment. */
const finalKinds: ReadonlySet<ErrorKind> = new Set([
  'invalid',
  'unauthenticated',
  'forbidden',
  'not-found',
  'method-not-allowed',
  'conflict',
  'gone',
  'precondition-failed',
  'too-large',
  'unprocessable',
  'unsupported-media',
]);

export interface StepContext {
  log: Logger;
  /** Ids of the records that the step works on: they join its log line with the request's. */
  of: Readonly<Record<string, string>>;
  /** Whether an error that could pass is not to be waited for any longer. */
  isLastTry?: () => boolean;
}

/** Runs one step of a workflow: one log line, and errors in the words that Temporal's retries understand. */
export async function runActivity<T>({ log, of, isLastTry }: StepContext, work: () => Promise<T>): Promise<T> {
  const { activityType, attempt, workflowExecution } = activityInfo();
  const step = { activity: activityType, attempt, workflowId: workflowExecution?.workflowId, ...of };
  const started = performance.now();
  const ms = (): number => Math.round(performance.now() - started);
  try {
    const result = await work();
    log.info({ event: 'activity.done', ...step, ms: ms() });
    return result;
  } catch (error) {
    const failure = asFailure(error, isLastTry?.() ?? false);
    log.warn({ event: 'activity.failed', ...step, ms: ms(), final: failure.nonRetryable ?? false, error });
    throw failure;
  }
}

function asFailure(error: unknown, isLastTry: boolean): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  // A cancellation that Temporal did not ask for is this worker going away: the next one takes the step up.
  if (error instanceof CancelledFailure)
    return ApplicationFailure.create({ message: 'The worker is shutting down.', type: 'shutdown' });
  const isFinal = isLastTry || (isAppError(error) && finalKinds.has(error.kind));
  return ApplicationFailure.create({
    message: messageOf(error),
    type: isAppError(error) ? error.code : 'unexpected',
    nonRetryable: isFinal,
  });
}
