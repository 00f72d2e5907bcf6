/*
 * A page that goes away sends its last commit without seeing the answer, and the page that is loaded in its place may ask for
 * the course's state before that commit has arrived. So the one leaves a note for the other, in the tab.
 */

const key = (): string => `last commit of ${location.pathname}`;

export function rememberLastCommit(opening: number, number: number): void {
  try {
    sessionStorage.setItem(key(), `opening=${opening}&number=${number}`);
  } catch {
    // Frames on other sites may have no storage.
  }
}

/** What the page before this one in the tab sent last, as a query. */
export function lastCommitQuery(): string {
  try {
    const note = sessionStorage.getItem(key());
    sessionStorage.removeItem(key());
    return note === null ? '' : `?${note}`;
  } catch {
    return '';
  }
}
