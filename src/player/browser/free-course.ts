import type { Course, Request, Surroundings } from './course';
import type { Whereabouts } from './communication';
import { ConnectedUnit } from './connected-unit';
import { openMedia, type MediaSession } from './media';
import type { Runtime, SeedActivity } from './player-seed';
import { openScorm12, type Scorm12Session } from './scorm12-api';

/** A course in which the learner chooses where to go: all but SCORM 2004. */
export class FreeCourse implements Course {
  current: SeedActivity | undefined;
  /** Where the learner was last: previous and next lead on from there. */
  private place: SeedActivity | undefined;
  private scorm: Scorm12Session | undefined;
  private media: MediaSession | undefined;
  private unit: ConnectedUnit | undefined;
  /** The player itself takes content away: what content does then asks for nothing. */
  private closing = false;

  constructor(private readonly around: Surroundings) {}

  start(): void {
    const { seed, activities } = this.around;
    const wanted = activities.find(seed.startAt) ?? activities.find(seed.current);
    const first = wanted?.href === undefined ? this.firstOpen() : wanted;
    if (first && (wanted || seed.settings.startAtFirst || activities.units.length === 1)) this.open(first);
    else this.around.stage.say('Choose where to begin in the contents of the course.');
  }

  /** Where the learner has something left to do. */
  private firstOpen(): SeedActivity | undefined {
    const { units } = this.around.activities;
    return units.find(({ id }) => this.around.activities.stateOf(id)?.completion !== 'completed') ?? units[0];
  }

  may(request: Request): boolean {
    const { activities, seed } = this.around;
    if (request.kind === 'choice') {
      return seed.settings.enableChoice && activities.find(request.id)?.href !== undefined;
    }
    return seed.settings.enableFlow && this.target(request) !== undefined;
  }

  private target(request: Request): SeedActivity | undefined {
    const { activities } = this.around;
    if (request.kind === 'choice') return activities.find(request.id);
    return activities.beside(this.place, request.kind === 'next' ? 1 : -1);
  }

  async go(request: Request): Promise<void> {
    const target = this.target(request);
    if (!target) return;
    await this.closeItem();
    this.open(target);
  }

  private open(activity: SeedActivity): void {
    const { seed, stage, moved } = this.around;
    this.current = activity;
    this.place = activity;
    if (seed.runtime === 'media') {
      this.media = openMedia(activity, this.around);
    } else if (isConnected(seed.runtime)) {
      this.unit = new ConnectedUnit(activity, this.around, (exit) => this.finished(exit));
      void this.unit.open();
    } else {
      if (seed.runtime === 'scorm12') this.openRunTime(activity);
      stage.show(activity.href!, activity.title);
    }
    moved();
  }

  private openRunTime(activity: SeedActivity): void {
    this.scorm = openScorm12(activity, this.around, () =>
      this.finished(this.scorm?.session.element('cmi.core.exit') ?? ''),
    );
    window.API = this.scorm.api;
    // An asset has no run-time of its own: it is done when it was shown.
    if (!activity.isSco) this.showAsset();
  }

  private showAsset(): void {
    const { api } = this.scorm!;
    const isDone = this.around.activities.stateOf(this.current!.id)?.completion === 'completed';
    if (isDone) return;
    this.scorm!.session.begin({ ...api.renderCommitCMI(false, true), 'cmi.core.lesson_status': 'completed' });
    this.scorm!.session.take({ ...api.renderCommitCMI(false, true), 'cmi.core.lesson_status': 'completed' }, true);
    this.around.communication.send('later');
  }

  async closeItem(): Promise<void> {
    this.closing = true;
    try {
      await this.around.stage.clear();
      this.finishRunTime();
      this.media?.close();
      this.media = undefined;
      this.unit?.close();
      this.unit = undefined;
    } finally {
      this.closing = false;
    }
    this.current = undefined;
    this.around.moved();
  }

  /** Content that goes without LMSFinish is finished by the player. */
  private finishRunTime(): void {
    const { api } = this.scorm ?? {};
    if (api?.isInitialized() && this.around.seed.settings.rollupAtUnload) api.lmsFinish('');
    this.scorm = undefined;
    window.API = undefined;
  }

  async end(): Promise<void> {
    await this.closeItem();
  }

  save(): void {
    this.media?.save();
    const { api, session } = this.scorm ?? {};
    if (api?.isInitialized()) session?.take(api.renderCommitCMI(false, true), false);
  }

  vanish(): void {
    this.closing = true;
    this.save();
    if (this.scorm?.api.isInitialized()) this.scorm.api.lmsFinish('');
    this.media?.close();
  }

  whereabouts(): Whereabouts {
    return { current: this.current?.id ?? null };
  }

  /** Content ended by itself: what comes next is what the course is set to. Not within its call. `cmiExit`: of `cmi.core.exit`. */
  private finished(cmiExit: string): void {
    this.around.moved();
    if (this.closing) return;
    const action = this.exitAction(cmiExit);
    window.setTimeout(() => void this.follow(action), 0);
  }

  private exitAction(cmiExit: string): string {
    const { activities, seed } = this.around;
    const isFinal = activities.beside(this.current, 1) === undefined;
    const result = isFinal ? seed.result : activities.stateOf(this.current?.id ?? '');
    const isSatisfied =
      result?.success === 'passed' || (result?.completion === 'completed' && result.success !== 'failed');
    const exit = exits[cmiExit] ?? 'Normal';
    const place = isFinal ? 'FinalScoCourse' : 'IntermediateSco';
    const action = seed.settings.exitActions[`Player${place}${isSatisfied ? '' : 'Not'}Satisfied${exit}ExitAction`];
    // The settings are SCORM's. Other content that has ended leads out of a course that has nothing else.
    return action ?? (activities.units.length > 1 ? 'DISPLAY_MESSAGE' : 'EXIT_COURSE');
  }

  private async follow(action: string): Promise<void> {
    const { stage, leave, ask } = this.around;
    switch (action) {
      case 'EXIT_COURSE':
        return leave('exit');
      case 'EXIT_COURSE_AFTER_CONFIRM':
        if ((await ask('Leave the course?', ['Leave', 'Stay'])) === 'Leave') leave('exit');
        return;
      case 'GO_TO_NEXT_SCO':
        return this.go({ kind: 'next' });
      case 'DISPLAY_MESSAGE':
        await this.closeItem();
        return stage.say('This part has ended. Choose where to go on.', [['Leave the course', () => leave('exit')]]);
      default:
    }
  }
}

const exits: Readonly<Record<string, string>> = { suspend: 'Suspend', 'time-out': 'Timeout', logout: 'Logout' };

const isConnected = (runtime: Runtime): boolean => ['cmi5', 'xapi', 'aicc'].includes(runtime);
