import { urlInvalid } from './outgoing-errors';

/** Where a request goes, with the credentials of its URL taken out, so that no message or log can show them. */
export interface Target {
  /** Without credentials and fragment. */
  url: URL;
  /** Name and port as messages show them. */
  host: string;
  path: string;
  /** Basic, from the URL's user and password. */
  authorization?: string;
}

/**
 * Ports of protocols that can be made to misread an HTTP request as commands: the Fetch Standard's "port blocking"
 * list (§2.9), which every browser obeys too.
 */
const REFUSED_PORTS = new Set(
  [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
  ].map(String),
);

/**
 * Reads an absolute http or https URL. The WHATWG parser turns every odd spelling of an IPv4 address (`127.1`,
 * `0x7f.1`, `2130706433`, full-width digits) into the usual one and refuses zone ids.
 */
export function parseTarget(text: string, base?: string): Target {
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
  if (url === undefined) throw urlInvalid('The URL cannot be read: give an absolute one, such as https://host/path');
  // Not echoed: in "user:secret@host" the user is what stands in the scheme's place.
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw urlInvalid('Only http and https URLs can be called');
  if (REFUSED_PORTS.has(url.port)) {
    throw urlInvalid(
      `${url.host}: port ${url.port} belongs to another protocol; let the server listen on another port`,
    );
  }
  const authorization = basicAuthorization(url);
  url.username = url.password = url.hash = '';
  return {
    url,
    host: url.host,
    path: url.pathname + url.search,
    ...(authorization !== undefined && { authorization }),
  };
}

function basicAuthorization({ username, password, host }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(pair).toString('base64')}`;
  } catch {
    throw urlInvalid(`${host}: the user or password in the URL has a % that is no escape; write it as %25`);
  }
}
