import { returnedPage } from './pages';
import { sendPage } from './send';
import type { Visit } from './visit';

/** Where content sends the learner when it has ended: the page tells the player, which goes on. */
export const answerReturned = async ({ response }: Visit): Promise<void> => sendPage(response, 200, returnedPage());
