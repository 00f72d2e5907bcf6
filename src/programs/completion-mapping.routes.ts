import { requireApplication } from '../applications/caller';
import { operation } from '../http/operation';
import { requireMatch, versionTag } from '../http/preconditions';
import { type CompletionMappingDetails, getMapping, putMapping } from './completion-mapping';
import { CompletionMapping, CompletionMappingRequest } from './completion-mapping.schemas';

const tag = 'Hub: completions';
const path = '/hub/v1/completion-mapping';

const present = ({ events, caliper, courses }: CompletionMappingDetails): CompletionMapping => ({
  events,
  caliper,
  courses,
});

/** Which events of the application complete what. */
export const completionMappingOperations = [
  operation({
    id: 'getCompletionMapping',
    summary: 'Read which events complete which course, and for whom',
    tag,
    method: 'get',
    path,
    scopes: ['read:hub'],
    status: 200,
    response: CompletionMapping,
    isConditional: true,
    handle: async ({ caller, request }, resources) => {
      const mapping = await getMapping(requireApplication(caller), resources);
      request.setHeader('ETag', versionTag(mapping.version));
      return present(mapping);
    },
  }),
  operation({
    id: 'putCompletionMapping',
    summary: 'Say which events complete which course from now on; what is left out is the default',
    tag,
    method: 'put',
    path,
    scopes: ['write:hub'],
    headers: { 'If-Match': 'The ETag of the mapping that is to be changed' },
    body: CompletionMappingRequest,
    status: 200,
    response: CompletionMapping,
    errors: ['precondition-failed'],
    handle: async ({ caller, body, request }, resources) => {
      const accept = (version: number): void => requireMatch(request.headers['if-match'], version);
      const mapping = await putMapping(requireApplication(caller), body, accept, resources);
      request.setHeader('ETag', versionTag(mapping.version));
      return present(mapping);
    },
  }),
];
