import { Type } from '@sinclair/typebox';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { notFound } from '../errors';
import { type Operation, operation, type RequestContext, type WrittenAnswer } from '../http/operation';
import type { Resources } from '../resources';
import { versionsUpTo } from './formats.rules';
import { readUuid } from './parameters.rules';
import { languagesOf } from './present-statement.rules';
import { presentStatements, type Reader } from './present-statements';
import type { Reach } from './reach';
import { attachmentsOf, receiveStatements } from './receive-statements';
import type { JsonObject } from './shapes.rules';
import { httpDate, limitTo, moreOf, readQuestion, requiredParameter, type StatementQuestion } from './statement-query';
import { findAttachments } from './statement-attachments.store';
import { findConsistentThrough, findStatement, listStatements, type StatementRow } from './statements.store';
import { readParameters, readScopes, writeScopes, xapiOperation } from './xapi-operation';
import { About, PutStatementQuery, Statement, StatementAnswer, StatementIds, StatementsQuery } from './xapi.schemas';

const statementBody = { streamed: { 'application/json': Statement, 'multipart/mixed': undefined } };

/** xAPI 1.0.3 Communication 2.1; IEEE 9274.1.1 4.1.6.1. */
export const statementOperations = [
  xapiOperation({
    id: 'postStatements',
    summary: 'Store statements, one or a list of them, all or none; answers their ids',
    method: 'post',
    path: '/statements',
    isDirect: true,
    scopes: writeScopes,
    body: statementBody,
    status: 200,
    response: StatementIds,
    errors: ['conflict'],
    handle: async ({ reach, version, body }, resources) =>
      reach.store(await receiveStatements(body, { version }, resources), version),
  }),
  xapiOperation({
    id: 'putStatement',
    summary: 'Store a statement under an id',
    method: 'put',
    path: '/statements',
    scopes: writeScopes,
    query: PutStatementQuery,
    body: statementBody,
    status: 204,
    errors: ['conflict'],
    handle: async ({ reach, version, body, parameters }, resources) => {
      const id = requiredParameter(parameters, 'statementId', readUuid);
      await reach.store(await receiveStatements(body, { version, id }, resources), version);
      return undefined;
    },
  }),
  xapiOperation({
    id: 'getStatements',
    summary: 'Read a statement, or list them by when they were stored, the newest first',
    method: 'get',
    path: '/statements',
    scopes: readScopes,
    query: StatementsQuery,
    headers: { 'Accept-Language': 'With `format=canonical`: which language of several is answered' },
    status: 200,
    response: { written: { 'application/json': StatementAnswer, 'multipart/mixed': undefined } },
    errors: ['not-found'],
    handle: async ({ applicationId, reach, version, parameters, request }, resources) => {
      // Before anything is read, so that what is read has all that was stored until then.
      setConsistentThrough(request, await findConsistentThrough(resources.db, applicationId));
      const question = limitTo(reach, readQuestion(parameters, applicationId, version), applicationId);
      const { rows, more } = await ask(question, applicationId, reach, resources);
      const newest = rows.reduce((latest, { position }) => Math.max(latest, position), 0);
      if (newest > 0) request.setHeader('Last-Modified', httpDate(newest));
      const languages = languagesOf(request.headers['accept-language']);
      const reader: Reader = { applicationId, version, format: question.format, languages };
      const texts = await presentStatements(rows, reader, resources);
      const json =
        more === undefined ? texts[0]! : `{"statements":[${texts.join(',')}],"more":${JSON.stringify(more)}}`;
      if (!question.attachments) return { type: 'application/json', body: json };
      return withAttachments(json, rows, applicationId, resources);
    },
  }),
];

/** xAPI 1.0.3 Communication 2.8. Asked by whoever does not know yet how to ask: without a key, and in any version or none. */
export const aboutOperations: readonly Operation[] = [
  operation({
    id: 'getXapiAbout',
    summary: 'Which versions of xAPI are spoken; without credentials',
    tag: 'xAPI',
    method: 'get',
    path: '/xapi/about',
    credentials: 'none',
    scopes: [],
    query: { judged: Type.Object({}) },
    status: 200,
    response: About,
    handle: async ({ query: search }, { config }) => {
      readParameters(search, new Set());
      return { version: versionsUpTo(config.xapi.newestVersion) };
    },
  }),
];

const setConsistentThrough = (request: RequestContext, through: Date): void =>
  request.setHeader('X-Experience-API-Consistent-Through', through.toISOString());

/** `more`: of a list, where its next page is, empty on the last. */
async function ask(
  question: StatementQuestion,
  applicationId: string,
  { path }: Reach,
  { db }: Resources,
): Promise<{ rows: StatementRow[]; more?: string }> {
  if (question.kind === 'one') {
    const row = await findStatement(db, applicationId, question);
    if (!row) throw notFound(`There is no ${question.isVoided ? 'voided ' : ''}statement ${question.id}.`);
    return { rows: [row] };
  }
  const { rows, hasMore } = await listStatements(db, question.filter, question.page);
  const last = rows.at(-1);
  return { rows, more: hasMore && last ? moreOf(path, question.parameters, last.position) : '' };
}

/** Multipart/mixed: the statements, then each content that is attached to any of them and was stored here, once. */
async function withAttachments(
  json: string,
  rows: readonly StatementRow[],
  applicationId: string,
  { db, content }: Resources,
): Promise<WrittenAnswer> {
  const attachments = rows.flatMap(({ data }) => attachmentsOf(JSON.parse(data) as JsonObject));
  const types = new Map(attachments.map(({ sha2, contentType }) => [sha2.toLowerCase(), { sha2, contentType }]));
  const kept = await findAttachments(db, applicationId, [...types.keys()]);
  const boundary = randomUUID();
  async function* write(): AsyncGenerator<string | Buffer> {
    yield `--${boundary}\r\nContent-Type: application/json\r\n\r\n${json}\r\n`;
    for (const { sha2, blob_key: key } of kept) {
      const { contentType, sha2: asNamed } = types.get(sha2)!;
      yield (
        `--${boundary}\r\nContent-Type: ${contentType}\r\nContent-Transfer-Encoding: binary\r\n` +
        `X-Experience-API-Hash: ${asNamed}\r\n\r\n`
      );
      const blob = await content.open(key);
      try {
        for await (const chunk of blob.stream() as AsyncIterable<Buffer>) yield chunk;
      } finally {
        await blob.close();
      }
      yield '\r\n';
    }
    yield `--${boundary}--\r\n`;
  }
  return { type: `multipart/mixed; boundary=${boundary}`, body: Readable.from(write(), { objectMode: false }) };
}
