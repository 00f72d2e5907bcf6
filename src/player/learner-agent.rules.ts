import type { JsonObject } from '../statements/shapes.rules';
import type { Learner } from './registrations.store';

/** How statements name a learner. `homePage`: where accounts of learners are at home. */
export const learnerAgent = ({ id, name }: Learner, homePage: string): JsonObject => ({
  objectType: 'Agent',
  name,
  account: { homePage, name: id },
});
