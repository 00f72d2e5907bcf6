import { caliperContext } from '../../src/caliper/vocabularies';

/** Caliper items and envelopes for tests: every one is valid, and each test spoils its own copy. */

export type Item = Record<string, unknown>;

const site = 'https://school.example';
const course = `${site}/courses/biology-7`;

const entity =
  (type: string, path: string) =>
  (more: Item = {}): Item => ({ id: `${site}/${path}`, type, ...more });

export const person = entity('Person', 'people/ada');
export const softwareApplication = entity('SoftwareApplication', 'apps/reader');
export const courseSection = entity('CourseSection', 'courses/biology-7/sections/b');
export const document = entity('Document', 'courses/biology-7/cells.pdf');
export const webPage = entity('WebPage', 'courses/biology-7/welcome');
export const video = entity('VideoObject', 'courses/biology-7/mitosis.mp4');
export const assessment = entity('Assessment', 'courses/biology-7/tests/1');
export const assessmentItem = entity('AssessmentItem', 'courses/biology-7/tests/1/items/2');
export const session = entity('Session', 'sessions/77');
export const ltiSession = entity('LtiSession', 'lti/sessions/78');
export const forum = entity('Forum', 'courses/biology-7/forum');
export const thread = entity('Thread', 'courses/biology-7/forum/threads/3');
export const message = entity('Message', 'courses/biology-7/forum/threads/3/messages/9');
export const survey = entity('Survey', 'surveys/5');
export const questionnaire = entity('Questionnaire', 'surveys/5/questionnaires/1');
export const questionnaireItem = entity('QuestionnaireItem', 'surveys/5/questionnaires/1/items/4');

export const attempt = (more: Item = {}): Item => ({
  id: `${course}/tests/1/attempts/1`,
  type: 'Attempt',
  assignee: person(),
  assignable: assessment(),
  count: 1,
  startedAtTime: '2026-03-02T09:00:00.000Z',
  endedAtTime: '2026-03-02T09:12:30.000Z',
  duration: 'PT12M30S',
  ...more,
});

export const membership = (more: Item = {}): Item => ({
  id: `${course}/sections/b/members/ada`,
  type: 'Membership',
  member: person(),
  organization: courseSection(),
  roles: ['Learner'],
  status: 'Active',
  dateCreated: '2026-01-10T08:00:00.000Z',
  ...more,
});

/** An id that differs with the number. */
export const eventId = (number = 1): string => `urn:uuid:5b1d7f3e-6c1a-4f0e-9a57-${String(number).padStart(12, '0')}`;

const base = (type: string, action: string, object: Item, more: Item = {}): Item => ({
  '@context': caliperContext,
  id: eventId(),
  type,
  actor: person(),
  action,
  object,
  eventTime: '2026-03-02T09:15:00.000Z',
  ...more,
});

const response = (type: string, more: Item): Item => ({
  id: `${course}/responses/1`,
  type,
  attempt: attempt(),
  ...more,
});

const scale = {
  id: `${site}/scales/1`,
  type: 'LikertScale',
  scalePoints: 4,
  itemLabels: ['No', 'Rather not', 'Rather', 'Yes'],
  itemValues: ['1', '2', '3', '4'],
};

const ratingQuestion = {
  id: `${site}/questions/1`,
  type: 'RatingScaleQuestion',
  questionPosed: 'Was it clear?',
  scale,
};

/** The context that most events of a course have. */
const inCourse = (): Item => ({
  edApp: softwareApplication({ name: 'Reader', version: '2.1' }),
  group: courseSection({ academicSession: 'Spring 2026', courseNumber: 'BIO 7' }),
  membership: membership(),
  session: session({ user: person(), startedAtTime: '2026-03-02T08:55:00.000Z' }),
});

/** One of the TimebackProfile: `more` is laid over the event, so give whole members. */
export const activityEvent = (more: Item = {}): Item => ({
  id: eventId(),
  type: 'ActivityEvent',
  profile: 'TimebackProfile',
  actor: { id: `${site}/users/ada`, type: 'TimebackUser', email: 'ada@school.example', name: 'Ada', role: 'student' },
  action: 'Completed',
  object: {
    id: `${site}/activities/12`,
    type: 'TimebackActivityContext',
    subject: 'Reading',
    app: { name: 'Reader' },
    activity: { name: 'Chapter 3' },
    course: { id: `${site}/courses/reading-g3`, name: 'Reading G3' },
  },
  generated: {
    id: `${site}/metrics/12`,
    type: 'TimebackActivityMetricsCollection',
    attempt: 1,
    items: [
      { type: 'xpEarned', value: 100 },
      { type: 'totalQuestions', value: 10 },
      { type: 'correctQuestions', value: 8 },
      { type: 'masteredUnits', value: 1 },
    ],
  },
  eventTime: '2026-03-02T09:15:00.000Z',
  ...more,
});

export const timeSpentEvent = (more: Item = {}): Item => ({
  ...activityEvent(),
  id: eventId(2),
  type: 'TimeSpentEvent',
  action: 'SpentTime',
  generated: {
    id: `${site}/metrics/13`,
    type: 'TimebackTimeSpentMetricsCollection',
    items: [
      { type: 'active', value: 600, startDate: '2026-03-02T09:00:00.000Z', endDate: '2026-03-02T09:10:00.000Z' },
      { type: 'inactive', subType: 'idle', value: 42.5 },
    ],
  },
  ...more,
});

/** At least one valid event of every type, by a name that says type and action. */
export const validEvents: Readonly<Record<string, () => Item>> = {
  'Event, Created': () =>
    base('Event', 'Created', document(), { profile: 'GeneralProfile', extensions: { seats: 30 } }),
  'Event by an organization': () => base('Event', 'Removed', person(), { actor: courseSection() }),
  'AnnotationEvent, Bookmarked': () =>
    base('AnnotationEvent', 'Bookmarked', document(), {
      profile: 'AnnotationProfile',
      generated: { id: `${site}/notes/1`, type: 'BookmarkAnnotation', annotator: person(), bookmarkNotes: 'Here' },
    }),
  'AnnotationEvent, Highlighted': () =>
    base('AnnotationEvent', 'Highlighted', document(), {
      generated: {
        id: `${site}/notes/2`,
        type: 'HighlightAnnotation',
        annotated: document(),
        selection: { type: 'TextPositionSelector', start: 10, end: 20 },
        selectionText: 'organelles',
      },
    }),
  'AnnotationEvent, Shared': () =>
    base('AnnotationEvent', 'Shared', video(), {
      generated: { id: `${site}/notes/3`, type: 'SharedAnnotation', withAgents: [person(), `${site}/people/bo`] },
    }),
  'AnnotationEvent, Tagged': () =>
    base('AnnotationEvent', 'Tagged', webPage(), {
      generated: { id: `${site}/notes/4`, type: 'TagAnnotation', tags: ['to read'] },
    }),
  'AssessmentEvent, Submitted': () =>
    base('AssessmentEvent', 'Submitted', assessment({ items: [assessmentItem()], maxScore: 12.5, maxAttempts: 2 }), {
      profile: 'AssessmentProfile',
      generated: attempt(),
      ...inCourse(),
    }),
  'AssessmentItemEvent, Started': () =>
    base('AssessmentItemEvent', 'Started', assessmentItem({ isTimeDependent: false, isPartOf: assessment() }), {
      generated: attempt({ assignable: assessmentItem() }),
      referrer: assessmentItem(),
    }),
  'AssessmentItemEvent, Completed': () =>
    base('AssessmentItemEvent', 'Completed', assessmentItem(), {
      profile: 'AssessmentProfile',
      generated: response('FillinBlankResponse', { values: ['nucleus'] }),
    }),
  'AssignableEvent, Activated': () =>
    base('AssignableEvent', 'Activated', assessment({ dateToSubmit: '2026-04-01T00:00:00.000Z', maxSubmits: 0 }), {
      profile: 'AssignableProfile',
      target: { id: `${course}/tests/1/parts/2`, type: 'Frame', index: 2 },
    }),
  'FeedbackEvent, Commented': () =>
    base('FeedbackEvent', 'Commented', document(), {
      profile: 'FeedbackProfile',
      generated: {
        id: `${site}/comments/1`,
        type: 'Comment',
        commenter: person(),
        commentedOn: document(),
        value: 'Good',
      },
    }),
  'FeedbackEvent, Ranked': () =>
    base('FeedbackEvent', 'Ranked', courseSection(), {
      generated: {
        id: `${site}/ratings/1`,
        type: 'Rating',
        rater: person(),
        rated: courseSection(),
        question: ratingQuestion,
        selections: ['4'],
      },
    }),
  'ForumEvent, Subscribed': () =>
    base('ForumEvent', 'Subscribed', forum({ items: [thread({ items: [message()] })] }), { profile: 'ForumProfile' }),
  'GradeEvent, Graded by an application': () =>
    base('GradeEvent', 'Graded', attempt(), {
      profile: 'GradingProfile',
      actor: softwareApplication(),
      generated: {
        id: `${course}/scores/1`,
        type: 'Score',
        attempt: attempt(),
        maxScore: 10,
        scoreGiven: 7.5,
        scoredBy: softwareApplication(),
        comment: 'Well done',
      },
    }),
  'MediaEvent, Paused': () =>
    base('MediaEvent', 'Paused', video({ duration: 'PT1H12M27S', mediaType: 'video/mp4' }), {
      profile: 'MediaProfile',
      target: { id: `${course}/mitosis.mp4#t=710`, type: 'MediaLocation', currentTime: 'PT11M50S' },
    }),
  'MessageEvent, Posted': () =>
    base(
      'MessageEvent',
      'Posted',
      message({ creators: [person()], body: 'Hello', replyTo: message(), isPartOf: thread() }),
      {
        profile: 'ForumProfile',
      },
    ),
  'MessageEvent, MarkedAsUnRead in the other spelling': () => base('MessageEvent', 'MarkedAsUnRead', message()),
  'NavigationEvent, NavigatedTo': () =>
    base('NavigationEvent', 'NavigatedTo', webPage({ name: 'Welcome' }), {
      profile: 'ReadingProfile',
      referrer: softwareApplication(),
      target: { id: `${course}/welcome#2`, type: 'Frame', index: 2 },
    }),
  'QuestionnaireEvent, Started': () =>
    base('QuestionnaireEvent', 'Started', questionnaire({ items: [questionnaireItem()] }), {
      profile: 'SurveyProfile',
    }),
  'QuestionnaireItemEvent, Skipped': () =>
    base('QuestionnaireItemEvent', 'Skipped', questionnaireItem({ categories: ['pace'], weight: 0.5 }), {
      generated: attempt({ assignable: questionnaireItem() }),
    }),
  'QuestionnaireItemEvent, Completed': () =>
    base('QuestionnaireItemEvent', 'Completed', questionnaireItem({ question: ratingQuestion }), {
      generated: response('RatingScaleResponse', { selections: ['3'] }),
    }),
  'ResourceManagementEvent, Printed': () =>
    base('ResourceManagementEvent', 'Printed', document(), { profile: 'ResourceManagementProfile' }),
  'ResourceManagementEvent, Copied': () =>
    base('ResourceManagementEvent', 'Copied', document(), { generated: document({ id: `${course}/copy.pdf` }) }),
  'SearchEvent, Searched': () =>
    base('SearchEvent', 'Searched', softwareApplication(), {
      profile: 'SearchProfile',
      generated: {
        id: `${site}/searches/1`,
        type: 'SearchResponse',
        searchProvider: softwareApplication(),
        query: { id: `${site}/queries/1`, type: 'Query', creator: person(), searchTerms: 'cell wall' },
        searchResultsItemCount: 3,
      },
    }),
  'SessionEvent, LoggedIn': () =>
    base('SessionEvent', 'LoggedIn', softwareApplication(), {
      profile: 'SessionProfile',
      target: webPage(),
      session: session({ client: softwareApplication({ userAgent: 'Browser/1', ipAddress: '192.0.2.7' }) }),
    }),
  'SessionEvent, TimedOut': () =>
    base('SessionEvent', 'TimedOut', session({ duration: 'PT3000S' }), { actor: softwareApplication() }),
  'SurveyEvent, OptedIn': () =>
    base('SurveyEvent', 'OptedIn', survey({ items: [questionnaire()] }), { profile: 'SurveyProfile' }),
  'SurveyInvitationEvent, Sent': () =>
    base('SurveyInvitationEvent', 'Sent', {
      id: `${site}/surveys/5/invitations/ada`,
      type: 'SurveyInvitation',
      rater: person(),
      survey: survey(),
      sentCount: 1,
      dateSent: '2026-03-01T08:00:00.000Z',
    }),
  'ThreadEvent, MarkedAsRead': () => base('ThreadEvent', 'MarkedAsRead', thread(), { profile: 'ForumProfile' }),
  'ToolLaunchEvent, Launched': () =>
    base('ToolLaunchEvent', 'Launched', softwareApplication(), {
      profile: 'ToolLaunchProfile',
      target: { id: `${site}/lti/1`, type: 'LtiLink', messageType: 'LtiResourceLinkRequest' },
      federatedSession: ltiSession({ messageParameters: { iss: site, exp: 1_800_000_000, aud: [site] } }),
    }),
  'ToolLaunchEvent, Returned': () =>
    base('ToolLaunchEvent', 'Returned', softwareApplication(), { target: { id: `${site}/back`, type: 'Link' } }),
  'ToolUseEvent, Used': () =>
    base('ToolUseEvent', 'Used', softwareApplication(), {
      profile: 'ToolUseProfile',
      generated: {
        id: `${site}/measures`,
        type: 'AggregateMeasureCollection',
        items: [
          { id: `${site}/measures/1`, type: 'AggregateMeasure', metric: 'MinutesOnTask', metricValue: 12.5 },
          {
            id: `${site}/measures/2`,
            type: 'AggregateMeasure',
            metric: 'UnitsPassed',
            metricValue: 3,
            maxMetricValue: 9,
          },
        ],
      },
    }),
  'ViewEvent, Viewed': () =>
    base('ViewEvent', 'Viewed', document({ keywords: ['cells'], datePublished: '2025-09-01T00:00:00.000Z' }), {
      profile: 'ReadingProfile',
      ...inCourse(),
      federatedSession: ltiSession(),
    }),
  'ViewEvent of a result': () =>
    base(
      'ViewEvent',
      'Viewed',
      { id: `${course}/results/1`, type: 'Result', resultScore: 7, maxResultScore: 10 },
      {
        profile: 'GradingProfile',
      },
    ),
  'ViewEvent of IRIs alone': () => ({
    id: eventId(),
    type: 'ViewEvent',
    actor: `${site}/people/ada`,
    action: 'Viewed',
    object: `${course}/cells.pdf`,
    edApp: `${site}/apps/reader`,
    eventTime: '2026-03-02T09:15:00Z',
  }),
  'ActivityEvent, Completed': () => activityEvent(),
  'TimeSpentEvent, SpentTime': () => timeSpentEvent(),
};

/** A valid event of that name, with members laid over it. */
export function validEvent(name: string, more: Item = {}): Item {
  const make = validEvents[name];
  if (!make) throw new Error(`There is no example "${name}".`);
  return { ...make(), ...more };
}

export const envelopeOf = (data: readonly unknown[], more: Item = {}): Item => ({
  sensor: `${site}/sensors/1`,
  sendTime: '2026-03-02T09:15:01.000Z',
  dataVersion: caliperContext,
  data,
  ...more,
});

/** A copy of a JSON value with one place set to a value, or removed: `generated.items[1].value`. */
export function spoiled(item: Item, path: string, value?: unknown): Item {
  const copy = structuredClone(item);
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  const last = steps.pop() ?? '';
  let place: Item = copy;
  for (const step of steps) place = place[step] as Item;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy;
}
