import { isWebUrl } from '../courses/packages/hrefs';
import type { Resources } from '../resources';
import { filesToken } from './launch-tokens';
import type { Opening } from './open-unit';
import { baseOf } from './session-origin.rules';

/** Where a unit's content is, as a full address. It opens the launch's files, and not its session. */
export function contentAddress(
  { launch, activity: { href } }: Pick<Opening, 'launch' | 'activity'>,
  { secrets, config }: Pick<Resources, 'secrets' | 'config'>,
): string {
  return isWebUrl(href) ? href : `${baseOf(config.player.url, launch.id)}/c/${filesToken(launch.id, secrets)}/${href}`;
}

/** An address with parameters added, before its fragment. Spaces are `%20`: content reads them by `decodeURIComponent`. */
export function addQuery(address: string, parameters: Readonly<Record<string, string>>): string {
  const [, path = '', fragment = ''] = /^([^#]*)(#.*)?$/s.exec(address) ?? [];
  const query = Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  return `${path}${path.includes('?') ? '&' : '?'}${query}${fragment}`;
}
