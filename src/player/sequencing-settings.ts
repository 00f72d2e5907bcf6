import type { Session } from './sessions';
import type { PlayerResources } from './visit';

export async function readSequencing(_session: Session, _resources: PlayerResources): Promise<unknown> {
  return undefined;
}
