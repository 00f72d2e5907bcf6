import { invalidMenuItem, launchType, returnToLms, statusDisplay } from './enumerations';
import {
  flag,
  nonNegativeInt,
  scorm,
  scorm1AndCmi5,
  scorm1AndAicc,
  structured,
  text,
  unsequenced,
  webPath,
  yesNo,
} from './setting';

/** What the learner sees around the content. */
export const appearance = {
  PlayerShowCourseStructure: yesNo('YES', 'Shows the list of the course’s items beside the content.', structured),
  PlayerCourseStructureStartsOpen: yesNo(
    'YES',
    'Opens the list of the course’s items when the course starts.',
    structured,
  ),
  PlayerCourseStructureWidth: nonNegativeInt('0', 'Width of the list of items in pixels; 0 leaves it to the player.'),
  PlayerShowNavBar: yesNo('YES', 'Shows the bar with the buttons.'),
  PlayerShowFinishButton: yesNo('YES', 'Shows the button that leaves the course.'),
  PlayerShowCloseItem: yesNo('NO', 'Shows the button that closes the open item.'),
  PlayerShowHelp: yesNo('NO', 'Shows the link to help.'),
  PlayerShowProgressBar: yesNo('NO', 'Shows how much of the course is done.'),
  PlayerUseMeasureProgressBar: yesNo('NO', 'Takes the progress from the measure that the course reports.'),
  PlayerShowTitleBar: yesNo('YES', 'Shows the course’s title.'),
  PlayerStatusDisplayPreference: statusDisplay('SEPARATE', 'Which status of an item is shown.', scorm1AndCmi5),
  PlayerInvalidMenuItemAction: invalidMenuItem('DISABLE', 'How items that cannot be opened now are listed.'),
  PlayerPreventRightClick: yesNo('NO', 'Keeps the browser’s context menu from opening.'),
  IntermediatePageLoadAtStart: flag(true, 'Shows a page of the player while the first item loads.'),
  SuppressNavbarWhenForcedFrameset: flag(false, 'Hides the bar when a frame is used although a window was wanted.'),
  DefaultModernPlayerTheme: text('default', 'The player’s theme.'),
  UseModernPlayer: flag(true, 'Uses the current player.'),
  ModernPlayerCustomizationLogo: text('', 'URL of a logo that the player shows.'),
  ModernPlayerCustomizationScriptUrl: text('', 'URL of a script that the player loads.'),
  ModernPlayerCustomizationStylesheetUrl: text('', 'URL of a style sheet that the player loads.'),
  LegacyPlayerCustomizationScriptUrl: text('', 'URL of a script that the older player loads.'),
  LegacyPlayerCustomizationStylesheetUrl: text('', 'URL of a style sheet that the older player loads.'),
  PrivacyPolicyUrl: text('', 'URL of the privacy policy that the player links to.'),
};

/** Windows, and where the learner goes afterwards. */
export const windows = {
  PlayerLaunchType: launchType('FRAMESET', 'Where the player opens.'),
  PlayerScoLaunchType: launchType('FRAMESET', 'Where an item opens.'),
  PlayerDesiredFullScreen: yesNo('NO', 'Asks for a window as large as the screen.'),
  PlayerDesiredHeight: nonNegativeInt('0', 'Height in pixels that is asked for; 0 leaves it to the player.'),
  PlayerDesiredWidth: nonNegativeInt('0', 'Width in pixels that is asked for; 0 leaves it to the player.'),
  PlayerRequiredFullScreen: yesNo('NO', 'Insists on a window as large as the screen.'),
  PlayerRequiredHeight: nonNegativeInt('0', 'The least height in pixels; 0 for none.'),
  PlayerRequiredWidth: nonNegativeInt('0', 'The least width in pixels; 0 for none.'),
  PlayerPreventWindowResize: yesNo('NO', 'Keeps the learner from resizing the window.', [...scorm, 'AICC']),
  PlayerWrapScoWindowWithApi: yesNo('NO', 'Puts an item in a window into a frame with the run-time API.', scorm),
  WebContentForceNewWindow: flag(false, 'Opens content that is a URL in a window of its own.'),
  UseLegacyMobileFramesetBehavior: flag(false, 'Uses windows on phones as older players did.'),
  PromptOnPlayerClose: flag(false, 'Asks before the browser closes the player.', scorm),
  RedirectOnExitUrl: text('', 'Where the learner goes on leaving: a URL, or closer, blank or message.'),
  RedirectLaunchPageOnExit: flag(false, 'Sends the page that opened the player to RedirectOnExitUrl too.'),
  RedirectOnRefreshUrl: webPath('', 'Where the learner goes when the player’s page is loaded again.'),
  RemoteDeliverPageUrl: text('', 'URL of the page that delivers content from another server.'),
};

/** Moving through the course. */
export const navigation = {
  PlayerEnableChoiceNav: yesNo('YES', 'Lets the learner choose an item from the list.', unsequenced),
  PlayerEnableFlowNav: yesNo('YES', 'Lets the learner go to the previous and the next item.', unsequenced),
  PlayerAlwaysFlowToFirstSco: yesNo('YES', 'Opens the first item when the course names none.', scorm),
  PlayerForceDisableRootChoice: yesNo('NO', 'Keeps the course itself from being chosen in the list.', scorm),
  PlayerFirstScoIsPretest: yesNo('NO', 'Completes the other items when the first is passed.', scorm1AndCmi5),
  PlayerReturnToLmsAction: returnToLms('SuspendAll', 'What leaving the course does to the attempt.', scorm),
  PlayerLaunchCompletedRegsAsNoCredit: yesNo('YES', 'Opens a completed course for no credit.', scorm1AndAicc),
  PlayerTimeLimit: nonNegativeInt('0', 'Minutes that the course may take; 0 for no limit.', scorm),
};
