/* As much of scorm-again 3.4 as the player uses; its scripts define two globals. */

interface RunTimeResult {
  result: string | boolean;
  errorCode: number;
}

interface RunTimeHttp {
  processHttpRequest(
    url: string,
    values: Record<string, unknown>,
    immediate: boolean,
    log: unknown,
    listeners: unknown,
    about?: { isTerminateCommit: boolean },
  ): RunTimeResult;
  updateSettings(): void;
}

interface RunTimeApi {
  on(event: string, listener: (element?: string, value?: string) => void): void;
  reset(settings?: object, options?: { preserveListeners?: boolean; resetTotalTime?: boolean }): void;
  loadFromFlattenedJSON(values: Record<string, string>): void;
  renderCommitCMI(ends: boolean, withTotalTime: boolean): Record<string, unknown>;
  isInitialized(): boolean;
  isTerminated(): boolean;
  lmsFinish(parameter: ''): string;
  throwSCORMError(element: string, code: number, message?: string): void;
}

interface Scorm12Api extends RunTimeApi {
  LMSSetValue(element: string, value: unknown): string;
}

interface NavigationValidity {
  continue: boolean;
  previous: boolean;
  choice: Record<string, 'true' | 'false'>;
  hideLmsUi: string[];
}

interface Scorm2004Api extends RunTimeApi {
  SetValue(element: string, value: unknown): string;
  adl: { nav: { request: string } };
  processNavigationRequest(request: string, target?: string): boolean;
  /** What a request would come to, without carrying it out. */
  previewNavigationRequest(request: 'continue' | 'previous'): {
    outcome: 'allowed' | 'blocked' | 'unknown';
    endSequencingSession: boolean;
  };
  serializeSequencingState(): string;
  deserializeSequencingState(state: string): boolean;
  getActivityTrackingData(
    id: string,
  ): { completionStatus: string; successStatus: string; progressMeasure: number | null; score: number | null } | null;
  getSequencingState(): { currentActivity: { id: string } | null };
}

declare const Scorm12API: new (settings: object) => Scorm12Api;
declare const Scorm2004API: new (settings: object) => Scorm2004Api;

interface Window {
  API?: Scorm12Api | undefined;
  API_1484_11?: Scorm2004Api | undefined;
}
