import { requireApplication } from '../applications/caller';
import { operation } from '../http/operation';
import { CaliperEnvelope, EndpointConfiguration, EnvelopeAnswer } from './envelope.schemas';
import { receiveEnvelope, validateEnvelope } from './receive-envelope';
import { caliperContext } from './vocabularies';

const tag = 'Caliper';
const scopes = ['write', 'write:hub'] as const;

/** The Caliper endpoint (Caliper 1.2 §5), to which sensors send. */
export const envelopeOperations = [
  operation({
    id: 'sendCaliperEnvelope',
    summary: 'Store the events and entities of an envelope, all or none',
    tag,
    method: 'post',
    path: '/caliper/event',
    isDirect: true,
    scopes,
    body: CaliperEnvelope,
    bodyType: 'judged',
    maxBodyBytes: ({ config }) => config.caliper.maxPayloadBytes,
    status: 200,
    response: EnvelopeAnswer,
    errors: ['unprocessable'],
    handle: ({ body, json, caller }, resources) => receiveEnvelope(requireApplication(caller), body, json, resources),
  }),
  operation({
    id: 'validateCaliperEnvelope',
    summary: 'Judge an envelope without storing anything',
    tag,
    method: 'post',
    path: '/caliper/event/validate',
    scopes,
    body: CaliperEnvelope,
    bodyType: 'judged',
    maxBodyBytes: ({ config }) => config.caliper.maxPayloadBytes,
    status: 200,
    response: EnvelopeAnswer,
    errors: ['unprocessable'],
    handle: ({ body, json }, resources) => Promise.resolve(validateEnvelope(body, json, resources)),
  }),
  operation({
    id: 'getCaliperEndpoint',
    summary: 'What the endpoint takes: versions of Caliper, and the size of an envelope',
    tag,
    method: 'get',
    path: '/caliper/event',
    scopes: ['read', 'write', 'read:hub', 'write:hub'],
    status: 200,
    response: EndpointConfiguration,
    handle: (_, { config }) =>
      Promise.resolve({
        caliperSupportedVersions: [caliperContext],
        caliperMaximumPayloadSize: config.caliper.maxPayloadBytes,
      }),
  }),
];
