import { Type } from '@sinclair/typebox';
import { operation } from '../http/operation';
import { scopes } from './caller';

/** PingSchema. */
const Ping = Type.Object({
  apiMessage: Type.String(),
  currentTime: Type.String({ format: 'date-time', description: 'Of the hub’s clock' }),
});

/** SCORM Cloud's Ping Service, by which its clients try their credentials. */
export const pingOperations = [
  operation({
    id: 'pingAppId',
    summary: 'Whether the hub is there and takes the credentials',
    tag: 'Ping',
    method: 'get',
    path: '/api/v2/ping',
    scopes,
    status: 200,
    response: Ping,
    handle: () =>
      Promise.resolve({ apiMessage: 'The hub takes these credentials.', currentTime: new Date().toISOString() }),
  }),
];
