import { maxBeaconBytes } from './communication';

type Realm = Window & typeof globalThis;

/** `leaving`: asked whether it may go. `gone`: its page is being taken away. */
type End = 'leaving' | 'gone';

/** By what stands in place of `fetch` in content's windows: tells the window of its end. */
const tell = new WeakMap<typeof fetch, (end: End) => void>();

/**
 * Content that reports to the server itself says its last word while its page goes away, often by a request that browsers give up
 * with the page, or by one that waits for its answer, which they refuse then. In the windows of content of this origin such
 * requests are made to outlive the page.
 */
export const keepLastWords = (view: Window): void =>
  inEach(view, (realm) => {
    if (!tell.has(realm.fetch)) keepIn(realm);
  });

/** Says so ahead of content's own listeners, which browsers may call before any that were added later. */
export const announceEnd = (view: Window, end: End): void => inEach(view, (realm) => tell.get(realm.fetch)?.(end));

function inEach(view: Window, act: (realm: Realm) => void): void {
  try {
    act(view as Realm);
  } catch {
    return; // Another origin's window: nothing can be done for it, nor for what is in it.
  }
  for (let index = 0; index < view.length; index += 1) inEach(view[index]!, act);
}

function keepIn(view: Realm): void {
  const fetchNow = view.fetch.bind(view);
  let end: End | undefined;
  view.addEventListener('beforeunload', () => (end ??= 'leaving'), true);
  view.addEventListener('pagehide', () => (end = 'gone'), true);
  const fetchToTheEnd = (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> =>
    fetchNow(input, end && isSmall(init.body) ? { ...init, keepalive: true } : init);
  tell.set(fetchToTheEnd, (now) => (end = now));
  view.fetch = fetchToTheEnd;
  view.XMLHttpRequest = class extends view.XMLHttpRequest {
    #request = { method: 'GET', url: '' as string | URL, headers: [] as [string, string][] };

    override open(method: string, url: string | URL, isAsync = true, ...credentials: (string | null)[]): void {
      this.#request = { method, url, headers: [] };
      super.open(method, url, isAsync, ...credentials);
    }

    override setRequestHeader(name: string, value: string): void {
      this.#request.headers.push([name, value]);
      super.setRequestHeader(name, value);
    }

    override send(body: XMLHttpRequestBodyInit | null = null): void {
      if (end !== 'gone' || !isSmall(body)) return super.send(body);
      const { url, ...request } = this.#request;
      // Nobody is left to see the answer, or that there is none.
      fetchNow(url, { ...request, body, keepalive: true }).catch(() => undefined);
    }
  };
}

/** Whether a body may be sent by a request that outlives its page. */
const isSmall = (body: unknown): body is string | null | undefined =>
  body === undefined || body === null || (typeof body === 'string' && new Blob([body]).size <= maxBeaconBytes);
