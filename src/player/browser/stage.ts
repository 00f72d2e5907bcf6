import { addQuery } from './addresses';
import { getElement } from './elements';
import { announceEnd, keepLastWords } from './last-words';
import type { PlayerSettings } from './player-seed';

/** How often content's windows are looked at. */
const lookMs = 100;

/** Where content is shown: a frame of this page, or a window of its own. */
export class Stage {
  private readonly frame = getElement('frame', HTMLIFrameElement);
  private readonly message = getElement('message', HTMLElement);
  private popup: Window | null = null;
  private watch: number | undefined;

  constructor(
    private readonly settings: PlayerSettings,
    private readonly addedQuery: string,
    /** The learner closed content's window. */
    private readonly closed: () => void,
  ) {
    // Not by events: content may load other pages, in frames of its own too, and be left before all of one is there.
    window.setInterval(() => this.views.forEach(keepLastWords), lookMs);
    window.addEventListener('beforeunload', () => this.views.forEach((view) => announceEnd(view, 'leaving')));
    window.addEventListener('pagehide', () => this.views.forEach((view) => announceEnd(view, 'gone')));
  }

  private get views(): Window[] {
    return [this.frame.contentWindow, this.popup].filter((view) => view !== null);
  }

  show(href: string, title: string): void {
    this.showAddress(/^([a-z][a-z0-9+.-]+:)?\/\//i.test(href) ? href : `content/${href}`, title, false);
  }

  showAddress(plain: string, title: string, ownWindow: boolean): void {
    const address = addQuery(plain, this.addedQuery);
    if (this.settings.scoLaunchType === 'FRAMESET' && !ownWindow) this.showFrame(address, title);
    else if (this.settings.scoLaunchType.includes('AFTER_CLICK')) this.offer(address);
    else if (!this.openWindow(address)) this.offer(address);
  }

  private showFrame(address: string, title: string): void {
    this.message.hidden = true;
    this.frame.hidden = false;
    this.frame.title = title;
    // Not `src`: that would put each item into the browser's history, and its back button would leave the player's order.
    this.frame.contentWindow?.location.replace(new URL(address, location.href).href);
  }

  /** Pop-up blockers let a click open a window. */
  private offer(address: string): void {
    this.say('The course opens in a window of its own.', [['Open the course', () => void this.openWindow(address)]]);
  }

  private openWindow(address: string): boolean {
    this.popup = window.open(address, 'course', windowFeatures(this.settings, this.settings.scoLaunchType));
    if (!this.popup) return false;
    this.say('The course is open in another window.', [['Show it', () => this.popup?.focus()]]);
    window.clearInterval(this.watch);
    this.watch = window.setInterval(() => {
      if (!this.popup?.closed) return;
      window.clearInterval(this.watch);
      this.popup = null;
      this.closed();
    }, 500);
    return true;
  }

  /** Takes content away, and resolves when it has had its last word. */
  async clear(): Promise<void> {
    window.clearInterval(this.watch);
    this.views.forEach((view) => announceEnd(view, 'gone'));
    this.popup?.close();
    this.popup = null;
    if (this.frame.hidden) return;
    const gone = new Promise<void>((resolve) => this.frame.addEventListener('load', () => resolve(), { once: true }));
    this.frame.contentWindow?.location.replace('about:blank');
    // A page that will not go (it asks whether it may) does not hold the player up.
    await Promise.race([gone, new Promise<void>((resolve) => window.setTimeout(resolve, 2000))]);
    this.frame.hidden = true;
  }

  /** A text in content's place, with buttons under it. */
  say(text: string, buttons: readonly [label: string, act: () => void][] = []): void {
    this.frame.hidden = true;
    this.message.hidden = false;
    const paragraph = document.createElement('p');
    paragraph.textContent = text;
    this.message.replaceChildren(paragraph, ...buttons.map(([label, act]) => buttonOf(label, act)));
  }

  /** An element of the player's own in content's place. */
  put(element: HTMLElement): void {
    this.frame.hidden = true;
    this.message.hidden = false;
    this.message.replaceChildren(element);
  }
}

export function buttonOf(label: string, act: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = label;
  button.addEventListener('click', act);
  return button;
}

/** What `window.open` is told of the size that the course's settings ask for. */
export function windowFeatures(settings: PlayerSettings, launchType: string): string {
  const { desiredWidth, desiredHeight, requiredWidth, requiredHeight } = settings;
  const isFull = settings.desiredFullScreen || settings.requiredFullScreen;
  const width = isFull ? screen.availWidth : Math.max(desiredWidth, requiredWidth);
  const height = isFull ? screen.availHeight : Math.max(desiredHeight, requiredHeight);
  const parts = [
    width > 0 ? `width=${width}` : '',
    height > 0 ? `height=${height}` : '',
    launchType.includes('WITHOUT_BROWSER_TOOLBAR') ? 'popup,toolbar=no,location=no,menubar=no' : '',
    settings.preventResize ? 'resizable=no' : '',
  ];
  return parts.filter(Boolean).join(',');
}
