/** What the page behind content's end tells the player. */
export const returnedMessage = 'learning-hub: content returned';
