import { flag, scorm2004, text, yesNo } from './setting';

/** Results that are sent to a URL. */
export const postbacks = {
  ApiRollupRegistrationPostBackUrl: text('', 'Where results are POSTed.'),
  ApiRollupRegistrationAuthType: text('httpbasic', 'How the POST of results is authenticated.'),
  ApiRollupRegistrationAuthUser: text('', 'The user name for the POST of results.'),
  ApiRollupRegistrationFormat: text('activity', 'How much detail the POSTed results have.'),
  ApiRollupRegistrationDuringSession: flag(true, 'POSTs results while the course is open, not only after it.'),
  ApiRollupRegistrationSynchronous: flag(true, 'POSTs results before the player is answered.'),
};

/** What is written down of a session. */
export const debugging = {
  PlayerCaptureHistory: yesNo('YES', 'Keeps a history of launches.'),
  PlayerCaptureHistoryDetailed: yesNo('NO', 'Keeps every run-time call in the history of launches.'),
  EnableClientDebugger: flag(false, 'Offers the learner the player’s log.'),
  StorePlayerDebugLogsInFileStoreOnExit: flag(false, 'Keeps the player’s log when the course is left.'),
  PlayerDebugControlAudit: flag(true, 'Logs what the player does.'),
  PlayerDebugControlDetailed: flag(true, 'Logs in detail what the player does.'),
  PlayerDebugRteAudit: flag(true, 'Logs calls of the run-time API.'),
  PlayerDebugRteDetailed: flag(true, 'Logs calls of the run-time API in detail.'),
  PlayerDebugSequencingAudit: flag(true, 'Logs sequencing.'),
  PlayerDebugSequencingDetailed: flag(true, 'Logs sequencing in detail.'),
  PlayerDebugSequencingSimple: flag(true, 'Logs sequencing in plain words.', ['SCORM20044THEDITION']),
  PlayerDebugLookAheadAudit: flag(true, 'Logs how unreachable items are worked out.', scorm2004),
  PlayerDebugLookAheadDetailed: flag(false, 'Logs in detail how unreachable items are worked out.', scorm2004),
  PlayerDebugIncludeTimestamps: flag(true, 'Puts the time on every line of the log.'),
};
