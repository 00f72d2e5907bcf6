import { isWebUrl } from '../courses/packages/hrefs';
import type { Resources } from '../resources';
import { sessionToken } from './launch-tokens';
import type { Opening } from './open-unit';
import { baseOf } from './session-origin.rules';

/** Where a unit's content is, as a full address. */
export function contentAddress(
  { launch, activity: { href } }: Pick<Opening, 'launch' | 'activity'>,
  { secrets, config }: Pick<Resources, 'secrets' | 'config'>,
): string {
  return contentBehind(`${baseOf(config.player.url, launch.id)}/s/${sessionToken(launch.id, secrets)}`, href);
}

/** The same behind the address of a session. */
export const contentBehind = (session: string, href: string): string =>
  isWebUrl(href) ? href : `${session}/content/${href}`;

/** An address with parameters added, before its fragment. Spaces are `%20`: content reads them by `decodeURIComponent`. */
export function addQuery(address: string, parameters: Readonly<Record<string, string>>): string {
  const [, path = '', fragment = ''] = /^([^#]*)(#.*)?$/s.exec(address) ?? [];
  const query = Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  return `${path}${path.includes('?') ? '&' : '?'}${query}${fragment}`;
}
