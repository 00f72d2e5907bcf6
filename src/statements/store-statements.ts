import { conflict, invalid, isAppError } from '../errors';
import type { Resources } from '../resources';
import type { XapiVersion } from './formats.rules';
import { newStatement } from './new-statement';
import { checkStatements } from './read-statements';
import { isObject, type JsonObject } from './shapes.rules';
import type { NewAttachment } from './statement-attachments.store';

export interface StatementOrigin {
  applicationId: string;
  /** Who vouches for the statements; the application itself unless said. */
  authority?: JsonObject;
  /** By which they are judged; 1.0.3 unless said. */
  version?: XapiVersion;
  /** For one statement: the id under which it is stored, where it has none of its own. */
  id?: string;
  /** What in the hub they come of (a launch, a course's version), for lists by it. */
  link?: string;
  /** Contents of attachments, in the content store; they are removed where the statements are not stored. */
  attachments?: readonly Omit<NewAttachment, 'applicationId'>[];
}

type Needs = Pick<Resources, 'statements' | 'config' | 'content'>;

function withId(statement: unknown, id: string): unknown {
  if (!isObject(statement)) throw invalid('One statement is stored under an id, not a list.');
  const { id: own = id } = statement;
  if (typeof own === 'string' && own.toLowerCase() !== id)
    throw invalid('The statement has another id than statementId.');
  return { ...statement, id: own };
}

/** How an application is named where it vouches for a statement. */
export const authorityOf = (applicationId: string, { config }: Pick<Resources, 'config'>): JsonObject => ({
  objectType: 'Agent',
  account: { homePage: config.publicUrl, name: applicationId },
});

/**
 * Stores statements, one or several, all or none; answers their ids once they are committed. Those that are there already with the
 * same meaning stay as they are. Throws invalid (what is wrong, and where), conflict (an id is another statement's), too-large.
 */
export async function storeStatements(
  statements: unknown,
  { applicationId, authority, version = '1.0.3', id, link, attachments = [] }: StatementOrigin,
  { statements: writer, config, content }: Needs,
): Promise<string[]> {
  try {
    const checked = checkStatements(
      id === undefined ? statements : withId(statements, id),
      version,
      config.xapi.maxStatements,
    );
    const origin = { applicationId, authority: authority ?? authorityOf(applicationId, { config }), version, link };
    const made = checked.map((statement) => newStatement(statement, origin));
    const outcome = await writer.store({
      statements: made,
      attachments: attachments.map((one) => ({ applicationId, ...one })),
    });
    if ('conflict' in outcome) {
      throw conflict(`The id ${outcome.conflict} is the one of another statement; nothing was stored.`);
    }
    return made.map((one, index) => (checked[index]!['id'] as string | undefined) ?? one.id);
  } catch (error) {
    // Refused. After another fault they may be stored all the same; what is not is collected later.
    if (isAppError(error)) for (const { blob } of attachments) await content.remove(blob.key);
    throw error;
  }
}
