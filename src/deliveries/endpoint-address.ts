import { invalid, isAppError } from '../errors';
import { parseTarget } from '../net/outgoing-url';

/** Basic credentials (RFC 7617 2): neither has control characters, and the first colon ends the user. */
export const usernamePattern = '^[^:\\u0000-\\u001f\\u007f]*$';
export const passwordPattern = '^[^\\u0000-\\u001f\\u007f]*$';

export interface EndpointAddress {
  /** Without credentials and fragment. */
  url: string;
  /** Scheme, host and port. */
  origin: string;
  /** Where the URL had some. */
  credentials?: { username: string; password: string | null };
}

/** Reads an endpoint's URL; which address it leads to is judged when it is called. */
export function readAddress(text: string): EndpointAddress {
  const url = parse(text);
  const given = new URL(text);
  const { href, origin } = url;
  if (given.username === '' && given.password === '') return { url: href, origin };
  const username = decodeURIComponent(given.username);
  const password = decodeURIComponent(given.password);
  if (!new RegExp(usernamePattern).test(username) || !new RegExp(passwordPattern).test(password)) {
    throw refused('its user must not have a colon, and neither it nor its password a control character');
  }
  return { url: href, origin, credentials: { username, password: password === '' ? null : password } };
}

function parse(text: string): URL {
  try {
    return parseTarget(text).url;
  } catch (error) {
    throw isAppError(error) ? refused(error.message) : error;
  }
}

const refused = (why: string) =>
  invalid('The URL cannot be used.', { details: [{ path: 'url', message: `is refused: ${why}` }] });
