import type { Whereabouts } from './communication';
import type { Course, Request, Surroundings } from './course';
import type { Completion, Result, SeedActivity, Success } from './player-seed';
import { scorm2004Data } from './run-time-data';
import { scorm2004Dialect, ScoSession } from './sco-session';
import { secondsOf } from './time';

/**
 * A SCORM 2004 course: scorm-again's sequencing says what is delivered. One run-time serves the whole course, and is given the
 * data of each activity that is delivered.
 */
export class Scorm2004Course implements Course {
  current: SeedActivity | undefined;
  private readonly api: Scorm2004Api;
  private session: ScoSession | undefined;
  private validity: NavigationValidity = { continue: false, previous: false, choice: {}, hideLmsUi: [] };
  /** What the learner asked for while content is taken away: content's Terminate carries it out. */
  private asked: { request: string; target?: string } | undefined;
  private vanished = false;
  private ended = false;
  /** What sequencing delivered and is not opened yet: content may still be in its call of Terminate. */
  private delivered: SeedActivity | undefined;

  constructor(private readonly around: Surroundings) {
    this.api = this.makeApi();
    window.API_1484_11 = this.api;
  }

  private makeApi(): Scorm2004Api {
    const { seed, communication } = this.around;
    const api = new Scorm2004API({
      autocommit: false,
      dataCommitFormat: 'flattened',
      sendFullCommit: true,
      alwaysSendTotalTime: true,
      lmsCommitUrl: 'commit',
      logLevel: 5,
      sequencing: {
        ...(seed.sequencing as object),
        eventListeners: {
          onActivityDelivery: (activity: { id: string } | null) => this.deliver(activity?.id),
          onNavigationValidityUpdate: (validity: NavigationValidity) => {
            this.validity = validity;
          },
          onSequencingSessionEnd: () => {
            this.ended = true;
          },
        },
      },
      httpService: {
        processHttpRequest: (_url, values, _immediate, _log, _listeners, about) => {
          const ends = about?.isTerminateCommit ?? false;
          this.session?.take(values, ends);
          // A session's end is sent when sequencing has taken it in, so that one commit tells both.
          const isKept = ends || communication.send('now');
          return isKept ? { result: 'true', errorCode: 0 } : { result: 'false', errorCode: 391 };
        },
        updateSettings() {},
      } satisfies RunTimeHttp,
    });
    this.guard(api);
    api.on('Initialize', () => this.session?.begin(api.renderCommitCMI(false, true)));
    return api;
  }

  private guard(api: Scorm2004Api): void {
    const set = api.SetValue.bind(api);
    api.SetValue = (element, value) => {
      const code = this.session?.refuses(element, value);
      if (code === undefined) return set(element, value);
      api.throwSCORMError(element, code);
      return 'false';
    };
    const named = api as unknown as Record<'Terminate', (parameter?: string) => string>;
    const terminate = named.Terminate.bind(api);
    named.Terminate = (parameter = '') => {
      const wasRunning = api.isInitialized();
      if (wasRunning && this.asked && parameter === '') this.putRequest(this.asked);
      const answer = terminate(parameter);
      if (wasRunning && answer === 'true') this.terminated();
      return answer;
    };
  }

  /** What the learner asked for goes before what content asks for (SCORM 2004 RTE 4.4). */
  private putRequest({ request, target }: { request: string; target?: string }): void {
    this.api.adl.nav.request = target === undefined ? request : `{target=${target}}${request}`;
  }

  start(): void {
    const { seed, activities } = this.around;
    if (seed.sequencingState && this.api.deserializeSequencingState(seed.sequencingState) && this.resume()) return;
    const wanted = activities.find(seed.startAt);
    const isStarted = wanted
      ? this.api.processNavigationRequest('choice', wanted.id)
      : this.api.processNavigationRequest('start');
    if (!isStarted || !this.delivered) this.startAnyway();
    this.settle();
  }

  /** Goes on where the learner was: suspended in order, or torn away while an activity was open. */
  private resume(): boolean {
    const current = this.api.getSequencingState().currentActivity?.id ?? this.around.seed.current;
    if (!this.api.processNavigationRequest('resumeAll')) this.deliver(current);
    this.settle();
    return this.current !== undefined;
  }

  /** Courses without flow say nothing of where to begin. */
  private startAnyway(): void {
    const { activities, seed } = this.around;
    const first = activities.units[0];
    if (first && seed.settings.startAtFirst) this.api.processNavigationRequest('choice', first.id);
  }

  private deliver(id: string | undefined): void {
    this.delivered = this.around.activities.find(id);
  }

  /** Opens what was delivered, or says that nothing was. */
  private settle(): void {
    const activity = this.delivered;
    this.delivered = undefined;
    if (activity) this.open(activity);
    else if (this.ended) this.around.leave('exit');
    this.around.moved();
  }

  private open(activity: SeedActivity): void {
    const { stage, activities, seed } = this.around;
    this.current = activity;
    this.api.reset(undefined, { preserveListeners: true });
    const data = scorm2004Data(activity, activities.stateOf(activity.id), seed);
    this.session = new ScoSession(activity, scorm2004Dialect, this.around);
    this.session.timeInData = secondsOf(data['cmi.total_time'] ?? '');
    this.api.loadFromFlattenedJSON(data);
    stage.show(activity.href!, activity.title);
    this.around.communication.send('later');
  }

  may(request: Request): boolean {
    const hides = (control: string): boolean =>
      this.validity.hideLmsUi.includes(control) || (this.current?.hiddenControls.includes(control) ?? false);
    if (request.kind !== 'choice') {
      const control = requests[request.kind];
      return this.validity[control] && !hides(control) && this.leadsOn(control);
    }
    const isThere = this.around.activities.find(request.id)?.href !== undefined;
    return isThere && this.validity.choice[request.id] === 'true';
  }

  /** Going on from the last activity is allowed too, and ends the course: for that there is another button. */
  private leadsOn(request: 'continue' | 'previous'): boolean {
    const { outcome, endSequencingSession } = this.api.previewNavigationRequest(request);
    return outcome !== 'blocked' && !endSequencingSession;
  }

  async go(request: Request): Promise<void> {
    await this.leaveActivity(
      request.kind === 'choice' ? { request: 'choice', target: request.id } : { request: requests[request.kind] },
    );
  }

  /** Takes content away; its Terminate, or the player's in its place, carries out the request. */
  private async leaveActivity(asked: { request: string; target?: string }): Promise<void> {
    this.asked = asked;
    await this.around.stage.clear();
    if (this.api.isInitialized()) this.finish();
    const isCarriedOut = this.asked === undefined;
    this.asked = undefined;
    if (!isCarriedOut) this.api.processNavigationRequest(asked.request, asked.target);
    this.settle();
    if (!this.current) this.sayWhatIsLeft();
  }

  /** Ends the run-time as content would. */
  private finish(): void {
    (this.api as unknown as { Terminate: (parameter: string) => string }).Terminate('');
  }

  /** The run-time ended, and sequencing has taken it in. */
  private terminated(): void {
    const isAsked = this.asked !== undefined;
    this.asked = undefined;
    this.around.communication.send(this.vanished ? 'leaving' : 'now');
    this.around.moved();
    if (isAsked || this.vanished) return;
    const isLogout = this.session?.element('cmi.exit') === 'logout' && this.around.seed.settings.logoutExits;
    window.setTimeout(() => void this.afterContent(isLogout), 0);
  }

  /** Content ended by itself. */
  private async afterContent(isLogout: boolean): Promise<void> {
    const { stage, leave, activities } = this.around;
    if (isLogout) return leave('exit');
    if (!this.delivered && !this.ended && activities.units.length === 1) return leave('exit');
    await stage.clear();
    if (!this.delivered) this.current = undefined;
    this.settle();
    if (!this.current && !this.ended) this.sayWhatIsLeft();
  }

  private sayWhatIsLeft(): void {
    if (this.ended) return;
    this.around.stage.say('This part has ended. Choose where to go on.', [
      ['Leave the course', () => this.around.leave('exit')],
    ]);
  }

  async closeItem(): Promise<void> {
    this.current = undefined;
    await this.leaveActivity({ request: 'exit' });
  }

  async end(how: 'suspend' | 'exit'): Promise<void> {
    if (this.ended) return this.around.stage.clear();
    this.ended = true;
    this.asked = { request: how === 'suspend' ? 'suspendAll' : 'exitAll' };
    const { request } = this.asked;
    await this.around.stage.clear();
    if (this.api.isInitialized()) this.finish();
    if (this.asked !== undefined) this.api.processNavigationRequest(request);
    this.asked = undefined;
    this.delivered = undefined;
  }

  save(): void {
    if (this.api.isInitialized()) this.session?.take(this.api.renderCommitCMI(false, true), false);
  }

  /** The learner closes the page: that suspends, so that nothing is lost. */
  vanish(): void {
    this.vanished = true;
    if (this.ended) return;
    this.save();
    this.asked = { request: 'suspendAll' };
    if (this.api.isInitialized()) this.finish();
  }

  whereabouts(): Whereabouts {
    const root = this.api.getActivityTrackingData(this.around.seed.root.id);
    return {
      current: this.current?.id ?? null,
      sequencing: this.api.serializeSequencingState(),
      ...(root ? { course: resultOf(root) } : {}),
    };
  }
}

const requests = { next: 'continue', previous: 'previous' } as const;

const completions: Readonly<Record<string, Completion>> = { completed: 'completed', incomplete: 'incomplete' };
const successes: Readonly<Record<string, Success>> = { passed: 'passed', failed: 'failed' };

function resultOf(tracking: NonNullable<ReturnType<Scorm2004Api['getActivityTrackingData']>>): Result {
  const { completionStatus, successStatus, progressMeasure, score } = tracking;
  return {
    completion: completions[completionStatus] ?? 'unknown',
    success: successes[successStatus] ?? 'unknown',
    score: score === null ? null : Math.max(-1, Math.min(1, score)),
    progress: progressMeasure === null ? null : Math.max(0, Math.min(1, progressMeasure)),
  };
}
