/** The terms of Caliper 1.2 that are values: actions, profiles, roles, and what attributes may be set to. */

/** The JSON-LD context of Caliper 1.2, which is also the data version of an envelope (Caliper 1.2 §4.1, §5.2). */
export const caliperContext = 'http://purl.imsglobal.org/ctx/caliper/v1p2';

/** The context as the data version and as it is linked in the specification's own text, with a slash at its end. */
export const dataVersions: ReadonlySet<string> = new Set([caliperContext, `${caliperContext}/`]);

/** Every action of the model, whichever event it belongs to. */
export const actions: ReadonlySet<string> = new Set(
  `Abandoned Accepted Activated Added Archived Attached Bookmarked ChangedResolution ChangedSize ChangedSpeed
  ChangedVolume Classified ClosedPopout Commented Completed Copied Created Deactivated Declined Deleted Described
  DisabledClosedCaptioning Disliked Downloaded EnabledClosedCaptioning Ended EnteredFullScreen ExitedFullScreen
  ForwardedTo Graded Hid Highlighted Identified JumpedTo Launched Liked Linked LoggedIn LoggedOut MarkedAsRead
  MarkedAsUnread Modified Muted NavigatedTo OpenedPopout OptedIn OptedOut Paused Posted Printed Published Questioned
  Ranked Recommended Removed Reset Restarted Restored Resumed Retrieved Returned Reviewed Rewound Saved Searched Sent
  Shared Showed Skipped Started Submitted Subscribed Tagged TimedOut Unmuted Unpublished Unsubscribed Uploaded Used
  Viewed`.split(/\s+/),
);

/** The specification spells three actions in two ways, in its text and in its context document. Both are sent. */
const spellings: ReadonlyMap<string, string> = new Map([
  ['MarkedAsUnRead', 'MarkedAsUnread'],
  ['DisabledCloseCaptioning', 'DisabledClosedCaptioning'],
  ['EnabledCloseCaptioning', 'EnabledClosedCaptioning'],
]);

export const spelledAction = (action: string): string => spellings.get(action) ?? action;

/** Roles of a membership: the eight of LIS, and their narrower forms. */
export const roles = [
  ...narrowed('Administrator', 'Developer ExternalDeveloper ExternalSupport ExternalSystemAdministrator Support'),
  'Administrator#SystemAdministrator',
  ...narrowed('ContentDeveloper', 'ContentExpert ExternalContentExpert Librarian'),
  ...narrowed('Instructor', 'ExternalInstructor Grader GuestInstructor Lecturer PrimaryInstructor SecondaryInstructor'),
  ...`TeachingAssistant TeachingAssistantGroup TeachingAssistantOffering TeachingAssistantSection TeachingAssistantTemplate`
    .split(' ')
    .map((role) => `Instructor#${role}`),
  ...narrowed('Learner', 'ExternalLearner GuestLearner NonCreditLearner'),
  ...narrowed('Manager', 'AreaManager CourseCoordinator Observer ExternalObserver'),
  ...narrowed('Member', ''),
  ...narrowed('Mentor', 'Advisor Auditor ExternalAdvisor ExternalAuditor ExternalLearningFacilitator ExternalMentor'),
  ...'ExternalReviewer ExternalTutor LearningFacilitator Reviewer Tutor'.split(' ').map((role) => `Mentor#${role}`),
  ...narrowed('Officer', 'Chair Secretary Treasurer Vice-Chair'),
] as const;

function narrowed(role: string, narrower: string): string[] {
  return [
    role,
    `${role}#${role}`,
    ...narrower
      .split(' ')
      .filter(Boolean)
      .map((name) => `${role}#${name}`),
  ];
}

/** `Deleted` is of Caliper 1.0 and LIS; libraries still offer it. */
export const statuses = ['Active', 'Inactive', 'Deleted'] as const;

export const metrics = [
  'AssessmentsPassed',
  'AssessmentsSubmitted',
  'MinutesOnTask',
  'SkillsMastered',
  'StandardsMastered',
  'UnitsCompleted',
  'UnitsPassed',
  'WordsRead',
] as const;

export const identifierTypes = [
  'AccountUserName',
  'EmailAddress',
  'LisSourcedId',
  'LtiContextId',
  'LtiDeploymentId',
  'LtiPlatformId',
  'LtiToolId',
  'LtiUserId',
  'OneRosterSourcedId',
  'Other',
  'SisSourcedId',
  'SystemId',
] as const;

/** What an LtiLink says it is opened with. The 1.2 libraries also send the names of LTI 1.1 and of the response. */
export const ltiMessageTypes = [
  'LtiResourceLinkRequest',
  'LtiDeepLinkingRequest',
  'LtiDeepLinkingResponse',
  'basic-lti-launch-request',
  'ContentItemSelectionRequest',
  'ContentItemSelection',
] as const;

/** What an activity of the TimebackProfile is about. */
export const subjects = [
  'Reading',
  'Language',
  'Vocabulary',
  'Social Studies',
  'Writing',
  'Science',
  'FastMath',
  'Math',
  'None',
  'Other',
] as const;

export const timebackRoles = ['student', 'teacher', 'admin', 'guide'] as const;
export const activityMetrics = ['xpEarned', 'totalQuestions', 'correctQuestions', 'masteredUnits'] as const;
export const timeKinds = ['active', 'inactive', 'waste', 'unknown', 'anti-pattern'] as const;
export type TimeKind = (typeof timeKinds)[number];
