import { planRecovery, probeEndpoint, type RecoveryPlan, releaseHeld } from '../src/deliveries/recover-endpoint';
import type { Resources } from '../src/resources';
import { runActivity } from './run-activity';

interface EndpointInput {
  endpointId: string;
}

export type RecoverEndpointActivities = ReturnType<typeof createRecoverEndpointActivities>;

export function createRecoverEndpointActivities(resources: Resources) {
  const { log } = resources;
  return {
    findRecoveryPlan: ({ endpointId }: EndpointInput): Promise<RecoveryPlan> =>
      runActivity({ log, of: { endpointId } }, () => planRecovery(endpointId, resources)),

    probeEndpoint: ({ endpointId }: EndpointInput): Promise<RecoveryPlan> =>
      runActivity({ log, of: { endpointId } }, () => probeEndpoint(endpointId, resources)),

    releaseHeld: ({ endpointId }: EndpointInput): Promise<number> =>
      runActivity({ log, of: { endpointId } }, () => releaseHeld(endpointId, resources)),
  };
}
