import { forbidden, invalid } from '../errors';
import { timestampAt, type XapiVersion } from './formats.rules';
import {
  type Read,
  readAgent,
  readBoolean,
  readIri,
  readTimestamp,
  readUuid,
  readWholeNumber,
} from './parameters.rules';
import { formats, type StatementFormat } from './present-statement.rules';
import type { Reach } from './reach';
import { within } from './shapes.rules';
import { identityOf, keyOf } from './statement-keys.rules';
import type { StatementFilter, StatementPage } from './statements.store';
import { refusedParameter } from './xapi-operation';

export type Parameters = Readonly<Partial<Record<string, string>>>;

/** Statements of a page at the most. */
const maxLimit = 500;
/** Five hundred statements of a megabyte would be more than a process should hold. */
const maxPageBytes = 8 * 1024 * 1024;

/** How one or more statements are to be answered. */
export interface Presentation {
  format: StatementFormat;
  attachments: boolean;
}

export type StatementQuestion = Presentation &
  (
    | { kind: 'one'; id: string; isVoided: boolean; registration?: string | undefined }
    | { kind: 'list'; filter: StatementFilter; page: StatementPage; parameters: Parameters }
  );

/** A parameter's value by its rule; undefined where it is not given. */
export function parameter<T>(parameters: Parameters, name: string, rule: (text: string) => Read<T>): T | undefined {
  const text = parameters[name];
  if (text === undefined) return undefined;
  const result = rule(text);
  if ('value' in result) return result.value;
  const { path, message } = within(name, result.fault);
  throw refusedParameter(path, message);
}

export function requiredParameter<T>(parameters: Parameters, name: string, rule: (text: string) => Read<T>): T {
  const value = parameter(parameters, name, rule);
  if (value === undefined) throw refusedParameter(name, 'is required');
  return value;
}

const readFormat = (text: string): Read<StatementFormat> => {
  const format = formats.find((one) => one === text);
  return format ? { value: format } : { fault: { path: '', message: `must be one of ${formats.join(', ')}` } };
};

/** What a GET of statements asks for (1.0.3 Communication 2.1.3). */
export function readQuestion(given: Parameters, applicationId: string, version: XapiVersion): StatementQuestion {
  if (given['more'] !== undefined) return readMore(given, applicationId, version);
  const presentation = {
    format: parameter(given, 'format', readFormat) ?? 'exact',
    attachments: parameter(given, 'attachments', readBoolean) ?? false,
  };
  const list = readList(given, applicationId, version);
  const [id, voidedId] = [parameter(given, 'statementId', readUuid), parameter(given, 'voidedStatementId', readUuid)];
  if (id === undefined && voidedId === undefined) return { kind: 'list', ...presentation, ...list };
  const name = id === undefined ? 'voidedStatementId' : 'statementId';
  const stranger = Object.keys(given).find((one) => ![name, 'format', 'attachments'].includes(one));
  if (stranger !== undefined) throw refusedParameter(stranger, `does not go with ${name}`);
  return { kind: 'one', id: (id ?? voidedId)!, isVoided: id === undefined, ...presentation };
}

function readList(given: Parameters, applicationId: string, version: XapiVersion) {
  const key = keyOf.bind(undefined, applicationId);
  const agent = parameter(given, 'agent', readAgent);
  const identity = agent === undefined ? undefined : identityOf(agent)!;
  const activity = parameter(given, 'activity', readIri);
  const verb = parameter(given, 'verb', readIri);
  const registration = parameter(given, 'registration', readUuid);
  const relatedAgents = parameter(given, 'related_agents', readBoolean);
  const relatedActivities = parameter(given, 'related_activities', readBoolean);
  const readTime = (text: string) => readTimestamp(text, version);
  const limit = parameter(given, 'limit', readWholeNumber) ?? 0;
  const filter: StatementFilter = {
    applicationId,
    agent:
      identity === undefined
        ? undefined
        : { key: key('agent', identity), ...(relatedAgents && { related: key('related-agent', identity) }) },
    activity:
      activity === undefined
        ? undefined
        : { key: key('activity', activity), ...(relatedActivities && { related: key('related-activity', activity) }) },
    verb: verb === undefined ? undefined : key('verb', verb),
    registration: registration === undefined ? undefined : key('registration', registration),
    since: parameter(given, 'since', readTime),
    until: parameter(given, 'until', readTime),
  };
  const page: StatementPage = {
    ascending: parameter(given, 'ascending', readBoolean) ?? false,
    limit: limit === 0 ? maxLimit : Math.min(limit, maxLimit),
    maxBytes: maxPageBytes,
  };
  return { filter, page, parameters: given };
}

/** Asks for nothing that the caller does not reach. */
export function limitTo(
  { registration }: Reach,
  question: StatementQuestion,
  applicationId: string,
): StatementQuestion {
  if (registration === undefined) return question;
  const own = keyOf(applicationId, 'registration', registration);
  if (question.kind === 'one') return { ...question, registration: own };
  const { filter } = question;
  if (filter.registration !== undefined && filter.registration !== own)
    throw forbidden(`Statements of the registration ${registration} alone are shown here.`);
  return { ...question, filter: { ...filter, registration: own } };
}

/** Where the rest of a list is: its parameters, and the last statement that was answered. */
export function moreOf(path: string, parameters: Parameters, position: number): string {
  const token = Buffer.from(JSON.stringify({ parameters, position })).toString('base64url');
  return `${path}/statements?more=${token}`;
}

function readMore(given: Parameters, applicationId: string, version: XapiVersion): StatementQuestion {
  if (Object.keys(given).length > 1) throw refusedParameter('more', 'goes alone');
  const token = readToken(given['more']!);
  const question = token && readQuestion(token.parameters, applicationId, version);
  if (question?.kind !== 'list') throw invalid('more is not of an earlier page.');
  return { ...question, page: { ...question.page, after: token!.position } };
}

function readToken(text: string): { parameters: Parameters; position: number } | undefined {
  try {
    const { parameters, position } = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as {
      parameters: Parameters;
      position: number;
    };
    const values = Object.entries(parameters);
    const isOurs =
      Number.isSafeInteger(position) && values.every(([name, value]) => name !== 'more' && typeof value === 'string');
    return isOurs ? { parameters, position } : undefined;
  } catch {
    return undefined;
  }
}

/** As an HTTP date: to the second. */
export const httpDate = (position: number): string => new Date(Date.parse(timestampAt(position))).toUTCString();
