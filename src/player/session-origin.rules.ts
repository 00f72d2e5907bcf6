/**
 * The base of a launch's addresses. `PLAYER_URL` may hold a `*` in its host name: each launch then has an origin of its own, so
 * that one course cannot reach into another that the same browser has open.
 */
export const baseOf = (playerUrl: string, launchId: string): string =>
  playerUrl.replace('*', launchId.replaceAll('-', ''));

/** Whether a request came to the launch's own origin. `host` is the request's header. */
export function isOwnOrigin(playerUrl: string, launchId: string, host: string | undefined): boolean {
  if (!playerUrl.includes('*')) return true;
  return host?.toLowerCase() === new URL(baseOf(playerUrl, launchId)).host;
}
