import { completionStatus, lookahead, restartTiming, runTimeReset, scoreRollup, statusRollup } from './enumerations';
import {
  flag,
  int,
  nonNegativeInt,
  nullableDouble,
  positiveInt,
  scorm,
  scorm1AndAicc,
  scorm1AndCmi5,
  scorm2004,
  yesNo,
} from './setting';

/** How the results of items become the course's. */
export const rollup = {
  PlayerStatusRollupModeValue: statusRollup(
    'COMPLETE_WHEN_ALL_UNITS_COMPLETE_AND_NOT_FAILED',
    'When the course counts as complete.',
    scorm1AndCmi5,
  ),
  PlayerStatusRollupModeThresholdScore: nullableDouble('', 'The score that completes the course.', scorm1AndCmi5),
  PlayerScoreRollupModeValue: scoreRollup(
    'AVERAGE_SCORE_OF_ALL_UNITS_WITH_SCORES',
    'How the course’s score is made.',
    scorm1AndCmi5,
  ),
  PlayerScoreRollupModeNumberOfScoringObjects: int(
    '0',
    'How many items a fixed average is taken over; 0 or less for as many as there are.',
    scorm1AndCmi5,
  ),
  PlayerApplyRollupStatusToSuccess: yesNo('NO', 'Gives the course’s success from its status too.', scorm1AndCmi5),
  PlayerRollupEmptySetToUnknown: yesNo('NO', 'Leaves a folder unknown when no item of it counts.', scorm2004),
  PlayerRollupRuntimeAtScoUnload: flag(true, 'Works results out when an item is left without finishing.', scorm),
  PlayerInvokeRollupAtSuspendAll: flag(true, 'Works results out when the attempt is suspended.', scorm2004),
  PlayerSatisfiedCausesCompletion: yesNo('NO', 'Completes an item that is passed.', scorm2004),
  PlayerScoreOverridesStatus: yesNo('NO', 'Lets a score against the mastery score decide the status.', scorm1AndAicc),
  PlayerScaleRawScore: yesNo('NO', 'Takes the raw score as a percentage where no scaled one is given.', scorm2004),
  PlayerAllowCompleteStatusChange: yesNo('NO', 'Lets an item take its completion back.', scorm1AndAicc),
  PlayerCompletionStatOfFailedSuccessStat: completionStatus(
    'Unknown',
    'The completion of an item that says only that it is failed.',
    scorm1AndAicc,
  ),
  PlayerIsCompletionTracked: yesNo('YES', 'Whether completion counts.', scorm),
  PlayerIsSatisfactionTracked: yesNo('YES', 'Whether passed and failed count.', scorm),
  PlayerIsScoreTracked: yesNo('YES', 'Whether scores count.', scorm),
  PlayerIsIncompleteSatisfactionMeaningful: yesNo('YES', 'Whether success counts before completion.', scorm),
  PlayerIsIncompleteScoreMeaningful: yesNo('YES', 'Whether a score counts before completion.', scorm),
  PlayerForceObjectiveCompletionSetByContent: yesNo('NO', 'Leaves an objective’s completion to the content.', scorm),
};

/** The run-time API, and the data that content keeps. */
export const runTime = {
  PlayerCommCommitFrequency: nonNegativeInt('10000', 'Milliseconds between two savings of what changed.', scorm),
  PlayerCommMaxFailedSubmissions: nonNegativeInt('5', 'Failed savings after which the learner is told.', scorm),
  PlayerFinishCausesImmediateCommit: yesNo('YES', 'Saves at once when an item finishes.', scorm),
  MaxPersistRuntimeDataAttempts: positiveInt('1', 'How often a saving is tried.', scorm),
  PlayerResetRunTimeData: runTimeReset('WHEN_EXIT_IS_NOT_SUSPEND', 'When an item’s data begins anew.', scorm),
  PlayerSuspendDataMaxLength: nonNegativeInt('64000', 'Characters of suspend data that are kept.', scorm),
  PlayerValidateInteractionResponses: yesNo('YES', 'Refuses responses that do not fit their interaction.', scorm),
  PlayerMakeStudentPrefsGlobalToCourse: yesNo('NO', 'Keeps the learner’s preferences for all items.', scorm),
  PlayerIsAvailableOffline: yesNo('NO', 'Lets the course be taken offline.', scorm),
  PlayerLookaheadSequencerMode: lookahead('ENABLED', 'Whether unreachable items are worked out ahead.', scorm),
  PlayerUseQuickLookaheadSequencer: yesNo(
    'YES',
    'Works unreachable items out by a shorter way where there is one.',
    scorm2004,
  ),
  CompressRecordResultsPayload: flag(false, 'Compresses what the player sends.'),
  UseDeltaRecordResultsPayload: flag(false, 'Sends only what changed.'),
  RecordResultsMaxPayloadSizeInBytes: nonNegativeInt('5242880', 'Bytes that one saving may have.'),
};

/** Attempts, and several launches at a time. */
export const attempts = {
  WhenToRestartRegistration: restartTiming(
    'WHEN_EXISTING_REG_IS_COMPLETE_AND_NEWER_PACKAGE_VERSION_EXISTS',
    'When a launch begins the course anew.',
  ),
  ConcurrentLaunchDetectionEnabled: flag(true, 'Notices a second launch of one registration.'),
  ConcurrentLaunchDetectionHistoryRows: positiveInt('5', 'Launches that are remembered to notice a second one.'),
  ForceExitConcurrentLaunches: flag(false, 'Ends the earlier launch when a second begins.'),
};
