import { addQuery, contentAddress } from './content-address';
import type { Opener } from './open-unit';

/** Opens AICC content by HACP (CMI001 v4.0, A.1): its address tells where it reports, and as which session. */
export const openAiccUnit: Opener = async (_tx, opening, needs) => ({
  address: addQuery(contentAddress(opening, needs), { aicc_sid: opening.id, aicc_url: `${opening.base}/hacp` }),
  ownWindow: false,
});
