import { Activities } from './activities';
import { Communication } from './communication';
import type { Course, Request } from './course';
import { getElement } from './elements';
import { lastCommitQuery } from './last-commit';
import { FreeCourse } from './free-course';
import { showOutline, wordsOf } from './outline';
import type { PlayerSeed } from './player-seed';
import { Scorm2004Course } from './scorm2004-course';
import { buttonOf, Stage, windowFeatures } from './stage';

const aliveMs = 60_000;

const button = (id: string): HTMLButtonElement => getElement(id, HTMLButtonElement);
const part = (id: string): HTMLElement => getElement(id, HTMLElement);

/** The page around a course: shows where the learner is, and lets them move. */
class Player {
  private readonly activities: Activities;
  private readonly communication: Communication;
  private readonly stage: Stage;
  private readonly course: Course;
  private busy = false;
  private left = false;

  constructor(private readonly seed: PlayerSeed) {
    this.activities = new Activities(seed);
    this.communication = new Communication(seed, {
      whereabouts: () => this.course.whereabouts(),
      answered: ({ result, activities }) => {
        seed.result = result;
        this.activities.judge(activities);
        this.show();
      },
      trouble: (isThere) =>
        this.notice(isThere ? 'What you do cannot be saved at the moment. Keep this window open.' : ''),
    });
    this.stage = new Stage(seed.settings, seed.addedQuery, () => void this.course.closeItem());
    const around = {
      seed,
      activities: this.activities,
      stage: this.stage,
      communication: this.communication,
      moved: () => this.show(),
      leave: (how: 'suspend' | 'exit') => void this.leave(how),
      ask: (question: string, labels: readonly string[]) => ask(question, labels),
    };
    this.course = seed.runtime === 'scorm2004' ? new Scorm2004Course(around) : new FreeCourse(around);
  }

  start(): void {
    this.arrange();
    this.listen();
    this.course.start();
    this.show();
  }

  /** What the course's settings show of the page. */
  private arrange(): void {
    const { settings } = this.seed;
    const hasTree = this.activities.units.length > 1;
    part('title-bar').hidden = !settings.showTitleBar;
    part('nav-bar').hidden = !settings.showNavBar;
    button('exit').hidden = !settings.showFinishButton;
    button('close-item').hidden = !settings.showCloseItem;
    for (const id of ['previous', 'next']) button(id).hidden = !hasTree || !settings.enableFlow;
    part('progress').hidden = !settings.showProgressBar;
    const outline = part('outline');
    button('outline-toggle').hidden = !(hasTree && settings.showStructure);
    if (settings.structureWidth > 0) outline.style.width = `${settings.structureWidth}px`;
    this.openOutline(hasTree && settings.showStructure && settings.structureStartsOpen && window.innerWidth > 700);
    showLink('help', settings.showHelp ? '#help-text' : '');
    showLink('privacy', settings.privacyPolicy);
    const logo = getElement('logo', HTMLImageElement);
    logo.hidden = settings.logo === '';
    if (settings.logo) logo.src = settings.logo;
    if (settings.loadingPage) this.stage.say('The course is being opened.');
    this.checkSize();
  }

  private checkSize(): void {
    const { requiredWidth, requiredHeight } = this.seed.settings;
    if (requiredWidth <= screen.availWidth && requiredHeight <= screen.availHeight) return;
    this.notice(`This course wants a screen of at least ${requiredWidth} by ${requiredHeight} pixels.`);
  }

  private listen(): void {
    const { settings } = this.seed;
    button('previous').addEventListener('click', () => void this.go({ kind: 'previous' }));
    button('next').addEventListener('click', () => void this.go({ kind: 'next' }));
    button('exit').addEventListener('click', () => void this.finish());
    button('close-item').addEventListener('click', () => void this.once(() => this.course.closeItem()));
    button('outline-toggle').addEventListener('click', () => this.openOutline(part('outline').hidden !== false));
    part('help').addEventListener('click', (event) => {
      event.preventDefault();
      void ask('Previous and Next turn the pages of the course; Contents lists its parts. Exit saves where you are.', [
        'Close',
      ]);
    });
    if (settings.preventRightClick) document.addEventListener('contextmenu', (event) => event.preventDefault());
    window.addEventListener('pagehide', () => this.vanish());
    window.addEventListener('beforeunload', (event) => {
      if (!this.left && (settings.promptOnClose || this.communication.hasUnsaved)) event.preventDefault();
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden' && !this.left) this.save();
    });
    window.addEventListener('online', () => void this.communication.send('later'));
    if (settings.commitEvery > 0) window.setInterval(() => this.save(), settings.commitEvery);
    window.setInterval(() => !this.left && void this.communication.alive(), aliveMs);
    if (settings.timeLimit > 0) window.setTimeout(() => void this.leave('exit'), settings.timeLimit * 60_000);
  }

  private save(): void {
    if (this.left) return;
    this.course.save();
    if (this.communication.isDirty) this.communication.send('later');
  }

  private vanish(): void {
    if (this.left) return;
    this.course.vanish();
    this.communication.send('leaving');
  }

  private go(request: Request): Promise<void> {
    return this.course.may(request) ? this.once(() => this.course.go(request)) : Promise.resolve();
  }

  /** One move at a time: a second click changes nothing. */
  private async once(move: () => Promise<void>): Promise<void> {
    if (this.busy || this.left) return;
    this.busy = true;
    this.show();
    try {
      await move();
    } finally {
      this.busy = false;
      this.show();
    }
  }

  /** The learner wants to leave: what that does to the attempt is what the course is set to. */
  private async finish(): Promise<void> {
    const { returnToLms } = this.seed.settings;
    if (returnToLms !== 'Selectable') return this.leave(returnToLms === 'ExitAll' ? 'exit' : 'suspend');
    const answer = await ask('Leave the course?', ['Go on later', 'End the course', 'Stay']);
    if (answer === 'Go on later') return this.leave('suspend');
    return answer === 'End the course' ? this.leave('exit') : undefined;
  }

  private async leave(how: 'suspend' | 'exit'): Promise<void> {
    if (this.left) return;
    this.busy = true;
    this.show();
    await this.course.end(how);
    await this.communication.leave();
    this.left = true;
    const { exitUrl, settings } = this.seed;
    const address = new URL(exitUrl, location.href).href;
    if (window.opener !== null && settings.rememberLaunchPage) (window.opener as Window).location.replace(address);
    location.replace(address);
  }

  private openOutline(isOpen: boolean): void {
    part('outline').hidden = !isOpen;
    button('outline-toggle').setAttribute('aria-expanded', String(isOpen));
  }

  private notice(text: string): void {
    part('notice').hidden = text === '';
    part('notice').textContent = text;
  }

  private show(): void {
    const { seed, course, activities } = this;
    const { settings } = seed;
    part('status').textContent = seed.tracking ? wordsOf(seed.result, settings.statusDisplay) : 'Nothing is kept';
    button('previous').disabled = this.busy || !course.may({ kind: 'previous' });
    button('next').disabled = this.busy || !course.may({ kind: 'next' });
    button('close-item').disabled = this.busy || course.current === undefined;
    button('exit').disabled = this.busy;
    this.showProgress();
    showOutline(part('outline'), seed.root, {
      activities,
      course,
      settings,
      choose: (id) => {
        if (window.innerWidth <= 700) this.openOutline(false);
        void this.go({ kind: 'choice', id });
      },
    });
  }

  private showProgress(): void {
    const { settings, result } = this.seed;
    const done = this.activities.units.filter(
      ({ id }) => this.activities.stateOf(id)?.completion === 'completed',
    ).length;
    const share = settings.progressByMeasure
      ? (result.progress ?? 0)
      : done / Math.max(1, this.activities.units.length);
    const percent = Math.round(share * 100);
    const bar = part('progress');
    bar.setAttribute('aria-valuenow', String(percent));
    bar.querySelector('span')!.style.width = `${percent}%`;
  }
}

function showLink(id: string, href: string): void {
  const link = getElement(id, HTMLAnchorElement);
  link.hidden = href === '';
  if (href) link.href = href;
}

/** A question with answers to choose from; Escape is none of them. */
function ask(question: string, labels: readonly string[]): Promise<string | undefined> {
  const dialog = getElement('ask', HTMLDialogElement);
  dialog.querySelector('p')!.textContent = question;
  return new Promise((resolve) => {
    let answer: string | undefined;
    const buttons = labels.map((label) =>
      buttonOf(label, () => {
        answer = label;
        dialog.close();
      }),
    );
    dialog.querySelector('form')!.replaceChildren(...buttons);
    dialog.addEventListener('close', () => resolve(answer), { once: true });
    dialog.showModal();
  });
}

/** The player itself may be wanted in a window of its own: this page then opens it and waits. */
function openElsewhere(seed: PlayerSeed): void {
  const { settings } = seed;
  const stage = new Stage(settings, '', () => undefined);
  const open = (): void => {
    if (window.open(`${location.pathname}?window=1`, 'player', windowFeatures(settings, settings.launchType))) {
      stage.say('The course is open in another window.');
    }
  };
  stage.say('The course opens in a window of its own.', [['Open the course', open]]);
  part('title-bar').hidden = !settings.showTitleBar;
  if (!settings.launchType.includes('AFTER_CLICK')) open();
}

async function main(): Promise<void> {
  const seed = await askForState();
  const isHere = new URLSearchParams(location.search).has('window') || seed.settings.launchType === 'FRAMESET';
  if (isHere) new Player(seed).start();
  else openElsewhere(seed);
}

async function askForState(): Promise<PlayerSeed> {
  const response = await fetch(`state${lastCommitQuery()}`, { cache: 'no-store' });
  if (!response.ok) throw new Error('The course cannot be opened. Load the page again.');
  return (await response.json()) as PlayerSeed;
}

main().catch((error: unknown) => {
  part('notice').hidden = false;
  part('notice').textContent = error instanceof Error ? error.message : String(error);
});
