import { conflict, isAppError } from '../errors';
import type { Resources } from '../resources';
import type { XapiVersion } from './formats.rules';
import { newStatement } from './new-statement';
import { checkStatements, countStorable } from './read-statements';
import type { JsonObject } from './shapes.rules';
import type { NewAttachment } from './statement-attachments.store';

export interface StatementOrigin {
  applicationId: string;
  /** Who vouches for the statements; the application itself unless said. */
  authority?: JsonObject;
  /** By which they are judged; 1.0.3 unless said. */
  version?: XapiVersion;
  /** What in the hub they come of (a launch, a course's version), for lists by it. */
  link?: string;
}

interface Attached {
  /** Contents in the content store; they are removed where the statements are not stored. */
  attachments?: readonly Omit<NewAttachment, 'applicationId'>[];
}

type Needs = Pick<Resources, 'statements' | 'config' | 'content'>;

/** How an application is named where it vouches for a statement. */
export const authorityOf = (applicationId: string, { config }: Pick<Resources, 'config'>): JsonObject => ({
  objectType: 'Agent',
  account: { homePage: config.publicUrl, name: applicationId },
});

/**
 * Stores statements, one or several, all or none; answers their ids once they are committed. Those that are there already with the
 * same meaning stay as they are. Throws invalid (what is wrong, and where), conflict (an id is another statement's), too-large.
 */
export async function storeStatements(statements: unknown, origin: StatementOrigin, needs: Needs): Promise<string[]> {
  countStorable(statements);
  const { maxStatements } = needs.config.xapi;
  return storeChecked(checkStatements(statements, origin.version ?? '1.0.3', maxStatements), origin, needs);
}

/** The same for statements that were found right, with what is attached to them. */
export async function storeChecked(
  statements: readonly JsonObject[],
  { applicationId, authority, version = '1.0.3', link, attachments = [] }: StatementOrigin & Attached,
  { statements: writer, config, content }: Needs,
): Promise<string[]> {
  try {
    const origin = { applicationId, authority: authority ?? authorityOf(applicationId, { config }), version, link };
    const made = statements.map((statement) => newStatement(statement, origin));
    const outcome = await writer.store({
      statements: made,
      attachments: attachments.map((one) => ({ applicationId, ...one })),
    });
    if ('conflict' in outcome) {
      throw conflict(`The id ${outcome.conflict} is the one of another statement; nothing was stored.`);
    }
    return made.map(({ id }, index) => (statements[index]!['id'] as string | undefined) ?? id);
  } catch (error) {
    // Refused. After another fault they may be stored all the same; what is not is collected later.
    if (isAppError(error)) for (const { blob } of attachments) await content.remove(blob.key);
    throw error;
  }
}
