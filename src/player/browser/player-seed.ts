/** What the server tells the player's page, and what the page tells the server. Shared by both: types only. */

export type Completion = 'unknown' | 'incomplete' | 'completed';
export type Success = 'unknown' | 'passed' | 'failed';

/** What is known of a learner's work on an activity, or on the course. */
export interface Result {
  completion: Completion;
  success: Success;
  /** Scaled, -1 to 1. */
  score: number | null;
  /** 0 to 1. */
  progress: number | null;
}

/** Run-time data by element. */
export type Cmi = Record<string, string>;

/** An activity of the course's tree as the page shows and opens it. */
export interface SeedActivity {
  id: string;
  title: string;
  /** Relative to the session's files, or an absolute address; absent: cannot be opened. */
  href?: string;
  hidden: boolean;
  /** A SCO has a run-time; an asset only is shown. */
  isSco: boolean;
  masteryScore?: string;
  scaledPassingScore?: number;
  completionThreshold?: number;
  maxTimeAllowed?: string;
  timeLimitAction?: string;
  launchData?: string;
  prerequisites?: string;
  hiddenControls: string[];
  objectives: string[];
  children: SeedActivity[];
}

/** What an activity had when the page was made. */
export interface ActivityState extends Result {
  cmi: Cmi;
  /** In all sessions. */
  seconds: number;
  /** Sessions so far. */
  attempts: number;
  /** The last session never ended. */
  sessionOpen: boolean;
}

/** Content of these reports to the server itself; the page asks where to open it, and how the learner stands. */
export type ConnectedRuntime = 'cmi5' | 'xapi' | 'aicc';

export type Runtime = 'scorm12' | 'scorm2004' | 'media' | 'page' | ConnectedRuntime;

/** Where content that reports to the server itself is shown. */
export interface UnitPlace {
  /** Full, with all that the standard's launch adds. */
  address: string;
  /** It has to be a window of its own. */
  ownWindow: boolean;
}

/** Settings of the course as the page needs them: see docs/player.md. */
export interface PlayerSettings {
  showNavBar: boolean;
  showFinishButton: boolean;
  showCloseItem: boolean;
  showHelp: boolean;
  showProgressBar: boolean;
  progressByMeasure: boolean;
  showTitleBar: boolean;
  showStructure: boolean;
  structureStartsOpen: boolean;
  /** Pixels; 0: the player's own. */
  structureWidth: number;
  statusDisplay: string;
  invalidMenuItem: string;
  enableChoice: boolean;
  enableFlow: boolean;
  startAtFirst: boolean;
  preventRightClick: boolean;
  promptOnClose: boolean;
  launchType: string;
  scoLaunchType: string;
  desiredWidth: number;
  desiredHeight: number;
  desiredFullScreen: boolean;
  requiredWidth: number;
  requiredHeight: number;
  requiredFullScreen: boolean;
  preventResize: boolean;
  returnToLms: string;
  logoutExits: boolean;
  /** `PlayerIntermediateSco…` and `PlayerFinalSco…ExitAction`, by id. */
  exitActions: Record<string, string>;
  resetRunTimeData: string;
  suspendDataMaxLength: number;
  /** Ms. */
  commitEvery: number;
  maxFailedCommits: number;
  maxCommitBytes: number;
  finishCommits: boolean;
  globalPreferences: boolean;
  scoreOverridesStatus: boolean;
  rollupAtUnload: boolean;
  /** Minutes; 0: none. */
  timeLimit: number;
  /** Percent of a medium. */
  mediaThreshold: number;
  /** Seconds. */
  pdfSeconds: number;
  logo: string;
  privacyPolicy: string;
  loadingPage: boolean;
  rememberLaunchPage: boolean;
}

export interface PlayerSeed {
  runtime: Runtime;
  title: string;
  tracking: boolean;
  learner: { id: string; name: string };
  /** The course is done already: it is looked at for no credit. */
  noCredit: boolean;
  root: SeedActivity;
  /** By activity. */
  states: Record<string, ActivityState>;
  result: Result;
  settings: PlayerSettings;
  /** The item that the launch asks for. */
  startAt?: string;
  /** Where the learner was when the registration was left. */
  current?: string;
  /** Query that is added to what is opened, without a question mark. */
  addedQuery: string;
  /** scorm-again's settings of sequencing, of SCORM 2004. */
  sequencing?: unknown;
  /** State of sequencing, as scorm-again wrote it. */
  sequencingState?: string;
  /** Of a single file: its media type. */
  mediaType?: string;
  /** Which loading of the page this is: its commits are told from those of another. */
  opening: number;
  /** Where the learner goes on leaving. */
  exitUrl: string;
}

/** What happened since the last commit that was answered. */
export interface Commit {
  opening: number;
  /** Counts up within an opening: one that was kept already adds nothing. */
  number: number;
  activity?: ActivityCommit;
  /** Where the learner is; null: nowhere. */
  current: string | null;
  sequencing?: string;
  /** What SCORM 2004 sequencing makes of the course. */
  course?: Result;
  /** The learner leaves. */
  leaves?: boolean;
}

export interface ActivityCommit {
  id: string;
  /** Which of its sessions: one more than there were. */
  session: number;
  ended: boolean;
  /** Elements that changed since the last commit that was answered. */
  values: Cmi;
  /** Seconds in all sessions, this one included. */
  seconds: number;
}

export interface CommitAnswer {
  result: Result;
  /** By activity, of those that have one. */
  activities: Record<string, Result>;
  /** Content that reports to the server itself has ended there, and leads nowhere by itself (AICC): how, as `cmi.core.exit` says it. */
  unitEnded?: string;
}
