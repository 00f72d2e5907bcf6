// Content has ended and sent the learner here: the player, around this page or behind it, goes on.
import { returnedMessage } from './returned-message';

const player = (window.opener as Window | null) ?? window.parent;
if (player !== window) player.postMessage(returnedMessage, location.origin);
if (window.opener !== null) window.close();
