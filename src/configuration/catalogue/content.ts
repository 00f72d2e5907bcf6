import { internetExplorerMode, lti11Privacy, lti13Privacy } from './enumerations';
import { delimited, flag, int, languageList, mergedJson, nonNegativeInt, scorm, text } from './setting';

/** Course files, media and how they are protected. */
export const content = {
  MediaContentCompletionThreshold: nonNegativeInt('95', 'Percentage of a medium that has to be played to complete it.'),
  MediaContentStylesheetPath: text('', 'Path of a style sheet for media.'),
  AudioVideoContentStylesheetPath: text('', 'Path of a style sheet for audio and video.'),
  PDFContentPageDurationThreshold: nonNegativeInt('5', 'Seconds after which a page of a PDF counts as read.'),
  PDFContentStylesheetPath: text('', 'Path of a style sheet for PDFs.'),
  ContentLangToUrl: languageList('[]', 'Languages, with the URL of the content in each.'),
  ContentVaultEnabled: flag(false, 'Opens course files only to who launched the course.'),
  ContentVaultAuthExpiry: int('2880', 'Minutes for which a launch opens the files.'),
  ContentVaultSlidingAuthExpiryEnabled: flag(
    false,
    'Lets a launch open the files as long as it reads them, not for a fixed time.',
  ),
  ContentVaultSlidingAuthExpiry: int('60', 'Minutes without reading a file after which a launch opens none any more.'),
  ContentVaultAuthFingerprintValidationEnabled: flag(true, 'Opens the files only to the browser that launched.'),
  ContentVaultIpAddressValidationEnabled: flag(true, 'Opens the files only to the address that launched.'),
  ContentVaultPathModifyingPrefix: text('/vault', 'What the path of protected files begins with.'),
  SupplementalQueryStringParametersForAllActivities: delimited('', 'Query parameters that are added to every launch.'),
  PlayerInternetExplorerCompatibilityMode: internetExplorerMode('NONE', 'How Internet Explorer shows pages.', scorm),
  ApiCourseDeleteAttemptDeleteFiles: flag(false, 'Removes the files when a course is deleted.'),
};

/** xAPI, cmi5 and LTI. */
export const standards = {
  TinCanInteractionsEnabled: flag(true, 'Writes statements for interactions.'),
  GenerateTinCanLaunchStatements: flag(true, 'Writes a statement when a course is launched.'),
  UsePlayerForTinCanLaunches: flag(true, 'Opens xAPI courses inside the player.'),
  xAPIRewriteStatementModifier: mergedJson('', 'A JSON object that says how statements are rewritten.'),
  Cmi5EntitlementKeyAlternate: text('', 'The entitlement key that content is told instead of the package’s.'),
  Lti11PrivacySettings: lti11Privacy('LEARNER_NAME_ONLY', 'What an LTI 1.1 tool is told of the learner.'),
  Lti11Roles: text('Learner', 'The roles that an LTI 1.1 tool is told.'),
  Lti13PrivacySettings: lti13Privacy('LEARNER_NAME_ONLY', 'What an LTI 1.3 tool is told of the learner.'),
  Lti13Roles: delimited(
    'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student',
    'The roles that an LTI 1.3 tool is told.',
  ),
};
