import { oneOf } from './setting';

export const lti11Privacy = oneOf('Lti11PrivacySettingValue', {
  LEARNER_NAME_ONLY: 'The tool is told the learner’s name.',
  LEARNER_NAME_AND_EMAIL: 'The tool is told the learner’s name and email address.',
  NO_LEARNER_INFO: 'The tool is told nothing of the learner.',
});

export const lti13Privacy = oneOf('Lti13PrivacySettingValue', {
  LEARNER_NAME_ONLY: 'The tool is told the learner’s name.',
  NO_LEARNER_INFO: 'The tool is told nothing of the learner.',
});

export const completionStatus = oneOf('CompletionStatusValue', {
  Unknown: 'Completion stays unknown.',
  Completed: 'Counts as completed.',
  Incomplete: 'Counts as incomplete.',
  Browsed: 'Counts as browsed.',
  Not_Attempted: 'Counts as not attempted.',
});

export const exitAction = oneOf('ExitActionValue', {
  EXIT_COURSE: 'The player closes.',
  EXIT_COURSE_AFTER_CONFIRM: 'The player asks the learner, then closes.',
  GO_TO_NEXT_SCO: 'The next item is opened.',
  DISPLAY_MESSAGE: 'A page asks the learner to choose what comes next.',
  DO_NOTHING: 'The item stays on the screen.',
});

const compatibility = (version: string) => `Internet Explorer behaves as version ${version}.`;
export const internetExplorerMode = oneOf('InternetExplorerCompatibilityModeValue', {
  NONE: 'The browser decides.',
  EMULATE_IE7: compatibility('7 where the page has a document type'),
  IE7: compatibility('7'),
  EMULATE_IE8: compatibility('8 where the page has a document type'),
  IE8: compatibility('8'),
  EMULATE_IE9: compatibility('9 where the page has a document type'),
  IE9: compatibility('9'),
  EDGE: 'Internet Explorer uses its newest mode.',
  IE10: compatibility('10'),
});

export const invalidMenuItem = oneOf('InvalidMenuItemActionValue', {
  SHOW: 'Shown like any other.',
  HIDE: 'Left out.',
  DISABLE: 'Shown, but cannot be chosen.',
});

export const launchType = oneOf('LaunchTypeValue', {
  FRAMESET: 'In a frame of the page that is open.',
  NEW_WINDOW: 'In a window of its own.',
  NEW_WINDOW_AFTER_CLICK: 'In a window of its own, after a click that pop-up blockers accept.',
  NEW_WINDOW_WITHOUT_BROWSER_TOOLBAR: 'In a window of its own without toolbar.',
  NEW_WINDOW_AFTER_CLICK_WITHOUT_BROWSER_TOOLBAR: 'In a window of its own without toolbar, after a click.',
});

export const lookahead = oneOf('LookaheadSequencerModeValue', {
  DISABLED: 'Items are not checked ahead.',
  ENABLED: 'Items that cannot be reached are worked out after each item.',
  REALTIME: 'Items that cannot be reached are worked out while an item runs.',
});

export const runTimeReset = oneOf('ResetRunTimeDataTimingValue', {
  NEVER: 'Run-time data stays.',
  WHEN_EXIT_IS_NOT_SUSPEND: 'Run-time data is kept only when the item was suspended.',
  ON_EACH_NEW_SEQUENCING_ATTEMPT: 'Run-time data begins anew with each attempt.',
});

export const returnToLms = oneOf('ReturnToLmsActionValue', {
  Legacy: 'Suspends or ends the attempt, as older players did.',
  SuspendAll: 'Suspends the attempt, so that the learner goes on where they were.',
  ExitAll: 'Ends the attempt.',
  Selectable: 'Asks the learner.',
});

export const scoreRollup = oneOf('ScoreRollupMethodValue', {
  SCORE_PROVIDED_BY_COURSE: 'The score that the content reports for the course.',
  AVERAGE_SCORE_OF_ALL_UNITS: 'The average over all items.',
  AVERAGE_SCORE_OF_ALL_UNITS_WITH_SCORES: 'The average over the items that have a score.',
  FIXED_AVERAGE: 'The sum of the scores over a fixed number of items.',
  AVERAGE_SCORE_OF_ALL_UNITS_WITH_NONZERO_SCORES: 'The average over the items with a score above zero.',
  LAST_SCO_SCORE: 'The score of the last item.',
});

export const statusDisplay = oneOf('StatusDisplayValue', {
  SUCCESS_ONLY: 'Passed or failed.',
  COMPLETION_ONLY: 'Completed or not.',
  SEPARATE: 'Both, each for itself.',
  COMBINED: 'Both in one.',
  NONE: 'Neither.',
});

export const statusRollup = oneOf('StatusRollupMethodValue', {
  STATUS_PROVIDED_BY_COURSE: 'When the content says so for the course.',
  COMPLETE_WHEN_ALL_UNITS_COMPLETE: 'When every item is complete.',
  COMPLETE_WHEN_ALL_UNITS_COMPLETE_AND_NOT_FAILED: 'When every item is complete and none is failed.',
  COMPLETE_WHEN_THRESHOLD_SCORE_IS_MET: 'When the score reaches the threshold.',
  COMPLETE_WHEN_ALL_UNITS_COMPLETE_AND_THRESHOLD_SCORE_IS_MET:
    'When every item is complete and the score reaches the threshold.',
  COMPLETE_WHEN_ALL_UNITS_ARE_PASSED: 'When every item is passed.',
});

export const restartTiming = oneOf('RegistrationInstanceIncrementTimingValue', {
  NEVER: 'Never.',
  WHEN_EXISTING_REG_IS_COMPLETE_AND_NEWER_PACKAGE_VERSION_EXISTS: 'When complete and there is a newer version.',
  WHEN_NEWER_PACKAGE_VERSION_EXISTS: 'When there is a newer version.',
  WHEN_EXISTING_REG_IS_COMPLETE: 'When complete.',
  WHEN_EXISTING_REG_IS_SATISFIED: 'When passed.',
  WHEN_EXISTING_REG_IS_SATISFIED_AND_NEWER_PACKAGE_VERSION_EXISTS: 'When passed and there is a newer version.',
  WHEN_EXISTING_REG_IS_INCOMPLETE_AND_NEWER_PACKAGE_VERSION_EXISTS: 'When incomplete and there is a newer version.',
  WHEN_EXISTING_REG_IS_FAILED: 'When failed.',
  WHEN_EXISTING_REG_IS_FAILED_AND_NEWER_PACKAGE_VERSION_EXISTS: 'When failed and there is a newer version.',
});
