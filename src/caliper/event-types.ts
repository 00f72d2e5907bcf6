import { timebackEvents, timebackProfile } from './timeback-profile';
import { actions } from './vocabularies';

/** What goes with an action: types of entities, each with its subtypes. A member that is not here can be any entity. */
export interface EventRule {
  actions: readonly string[];
  actor: readonly string[];
  object: readonly string[];
  generated?: readonly string[];
  target?: readonly string[];
  referrer?: readonly string[];
  /** Besides those that every event needs. */
  required?: readonly string[];
  /** Members that have to be objects: the IRI alone says too little. */
  inline?: readonly string[];
}

export interface EventType {
  rules: readonly EventRule[];
}

const person = ['Person'] as const;
const navigated = ['DigitalResource', 'SoftwareApplication'] as const;

/** One rule, by a person, for actions that are written in one text. */
const byPerson = (names: string, object: readonly string[], more: Partial<EventRule> = {}): EventRule => ({
  actions: names.split(' '),
  actor: person,
  object,
  ...more,
});

const annotated = (action: string, annotation: string): EventRule =>
  byPerson(action, ['DigitalResource'], { generated: [annotation] });

/**
 * Every event of Caliper 1.2 (§3 and Appendix "Events"), and those of the TimebackProfile. Events of 1.0 and 1.1 that are
 * gone, and actions that 1.1 deprecated, are not here.
 */
export const eventTypes: Readonly<Record<string, EventType>> = {
  Event: { rules: [{ actions: [...actions], actor: ['Agent'], object: ['Entity'] }] },
  AnnotationEvent: {
    rules: [
      annotated('Bookmarked', 'BookmarkAnnotation'),
      annotated('Highlighted', 'HighlightAnnotation'),
      annotated('Shared', 'SharedAnnotation'),
      annotated('Tagged', 'TagAnnotation'),
    ],
  },
  AssessmentEvent: {
    rules: [byPerson('Started Paused Resumed Restarted Reset Submitted', ['Assessment'], { generated: ['Attempt'] })],
  },
  AssessmentItemEvent: {
    rules: [
      byPerson('Started Skipped', ['AssessmentItem'], { generated: ['Attempt'], referrer: ['AssessmentItem'] }),
      byPerson('Completed', ['AssessmentItem'], { generated: ['Response'], referrer: ['AssessmentItem'] }),
    ],
  },
  AssignableEvent: {
    rules: [
      byPerson('Activated Deactivated Started Completed Submitted Reviewed', ['AssignableDigitalResource'], {
        generated: ['Attempt'],
        target: ['Frame'],
      }),
    ],
  },
  FeedbackEvent: {
    rules: [
      byPerson('Commented', ['Entity'], { generated: ['Comment'] }),
      byPerson('Ranked', ['Entity'], { generated: ['Rating'] }),
    ],
  },
  ForumEvent: { rules: [byPerson('Subscribed Unsubscribed', ['Forum'])] },
  GradeEvent: {
    rules: [{ actions: ['Graded'], actor: ['Agent'], object: ['Attempt'], generated: ['Score'] }],
  },
  MediaEvent: {
    rules: [
      byPerson(
        'Started Ended Paused Resumed Restarted ForwardedTo JumpedTo ChangedResolution ChangedSize ChangedSpeed ' +
          'ChangedVolume EnabledClosedCaptioning DisabledClosedCaptioning EnteredFullScreen ExitedFullScreen Muted ' +
          'Unmuted OpenedPopout ClosedPopout',
        ['MediaObject'],
        { target: ['MediaLocation'] },
      ),
    ],
  },
  MessageEvent: { rules: [byPerson('MarkedAsRead MarkedAsUnread Posted', ['Message'])] },
  NavigationEvent: {
    rules: [byPerson('NavigatedTo', navigated, { target: ['DigitalResource'], referrer: navigated })],
  },
  QuestionnaireEvent: { rules: [byPerson('Started Submitted', ['Questionnaire'], { generated: ['Attempt'] })] },
  QuestionnaireItemEvent: {
    rules: [
      byPerson('Started Skipped', ['QuestionnaireItem'], { generated: ['Attempt'] }),
      byPerson('Completed', ['QuestionnaireItem'], { generated: ['Response'] }),
    ],
  },
  ResourceManagementEvent: {
    rules: [
      byPerson(
        'Archived Created Deleted Described Downloaded Modified Printed Published Restored Retrieved Saved ' +
          'Unpublished Uploaded',
        ['DigitalResource'],
        { generated: ['DigitalResource'] },
      ),
      byPerson('Copied', ['DigitalResource'], { generated: ['DigitalResource'], required: ['generated'] }),
    ],
  },
  SearchEvent: { rules: [byPerson('Searched', ['Entity'], { generated: ['SearchResponse'] })] },
  SessionEvent: {
    rules: [
      byPerson('LoggedIn', ['SoftwareApplication'], { target: ['DigitalResource'], referrer: navigated }),
      byPerson('LoggedOut', ['SoftwareApplication'], { referrer: navigated }),
      { actions: ['TimedOut'], actor: ['SoftwareApplication'], object: ['Session'], referrer: navigated },
    ],
  },
  SurveyEvent: { rules: [byPerson('OptedIn OptedOut', ['Survey'])] },
  SurveyInvitationEvent: { rules: [byPerson('Sent Accepted Declined', ['SurveyInvitation'])] },
  ThreadEvent: { rules: [byPerson('MarkedAsRead MarkedAsUnread', ['Thread'])] },
  ToolLaunchEvent: {
    rules: [
      byPerson('Launched', ['SoftwareApplication'], {
        generated: ['DigitalResource'],
        target: ['Link', 'LtiLink'],
        required: ['federatedSession'],
      }),
      byPerson('Returned', ['SoftwareApplication'], { generated: ['DigitalResource'], target: ['Link', 'LtiLink'] }),
    ],
  },
  ToolUseEvent: {
    rules: [
      byPerson('Used', ['SoftwareApplication'], {
        generated: ['AggregateMeasureCollection'],
        target: ['SoftwareApplication'],
      }),
    ],
  },
  // A result is no digital resource, yet what the GradingProfile views.
  ViewEvent: { rules: [byPerson('Viewed', ['DigitalResource', 'Result'], { target: ['DigitalResource'] })] },

  ...timebackEvents,
};

/** Where an event's context is described: the same for every type of event (Caliper 1.2 §2.1). */
export const contextMembers: Readonly<Record<string, readonly string[]>> = {
  edApp: ['SoftwareApplication'],
  group: ['Organization'],
  membership: ['Membership'],
  session: ['Session'],
  federatedSession: ['LtiSession'],
};

/** Events of a profile; with types where the profile narrows what the event's object can be. */
export type Profile = Readonly<Record<string, true | readonly string[]>>;

const seen = (...types: string[]): Profile => ({ NavigationEvent: types, ViewEvent: types });

/** Every profile of Caliper 1.2 (§3), and the TimebackProfile. */
export const profiles: Readonly<Record<string, Profile>> = {
  AnnotationProfile: { AnnotationEvent: true },
  AssessmentProfile: { AssessmentEvent: true, AssessmentItemEvent: true, ...seen('Assessment', 'AssessmentItem') },
  AssignableProfile: { AssignableEvent: true, ...seen('AssignableDigitalResource') },
  FeedbackProfile: { FeedbackEvent: true },
  ForumProfile: { ForumEvent: true, MessageEvent: true, ThreadEvent: true, ...seen('Forum', 'Message', 'Thread') },
  GeneralProfile: { Event: true },
  GradingProfile: { GradeEvent: true, ViewEvent: ['Result'] },
  // The table has media objects alone; an example of the specification navigates to a collection of them.
  MediaProfile: { MediaEvent: true, ...seen('MediaObject', 'DigitalResourceCollection') },
  ReadingProfile: { NavigationEvent: navigated, ViewEvent: ['DigitalResource'] },
  ResourceManagementProfile: { ResourceManagementEvent: true },
  SearchProfile: { SearchEvent: true },
  SessionProfile: { SessionEvent: true },
  SurveyProfile: {
    SurveyEvent: true,
    SurveyInvitationEvent: true,
    QuestionnaireEvent: true,
    QuestionnaireItemEvent: true,
    ...seen('Questionnaire', 'QuestionnaireItem'),
  },
  ToolLaunchProfile: { ToolLaunchEvent: true },
  ToolUseProfile: { ToolUseEvent: true },
  [timebackProfile]: { ActivityEvent: true, TimeSpentEvent: true },
};

/** What to send instead of events that 1.2 no longer has. */
export const replacedEvents: Readonly<Record<string, string>> = {
  OutcomeEvent: 'GradeEvent',
  ReadingEvent: 'NavigationEvent or ViewEvent',
};
