import * as fc from 'fast-check';
import { checkItem } from '../../src/caliper/check-item.rules';
import { eventTypes, profiles } from '../../src/caliper/event-types';
import { entityTypes } from '../../src/caliper/entity-types';
import { maxProblems, quoted } from '../../src/caliper/problems.rules';
import { maxDepth, maxValues } from '../../src/caliper/storable.rules';
import { caliperContext } from '../../src/caliper/vocabularies';
import {
  activityEvent,
  type Item,
  membership,
  spoiled,
  timeSpentEvent,
  validEvent,
  validEvents,
} from '../support/caliper-events';

const structuralPaths = (item: unknown) => checkItem(item, 3).structural.map(({ path }) => path);
const profilePaths = (item: unknown) => checkItem(item, 3).profile.map(({ path }) => path);

describe('a valid event', () => {
  it.each(Object.entries(validEvents))('%s has no problem', (_, make) =>
    expect(checkItem(make(), 0)).toEqual({ kind: 'event', structural: [], profile: [] }),
  );

  it('is among the examples for every type of event', () => {
    const types = new Set(Object.values(validEvents).map((make) => make().type));
    expect(Object.keys(eventTypes).filter((type) => !types.has(type))).toEqual([]);
  });

  it('is among the examples for every profile', () => {
    const named = new Set(Object.values(validEvents).map((make) => make().profile));
    expect(Object.keys(profiles).filter((profile) => !named.has(profile))).toEqual([]);
  });

  it.each(
    Object.entries(eventTypes)
      .flatMap(([type, { rules }]) => rules.map((rule) => [type, rule] as const))
      .flatMap(([type, rule]) => rule.actions.map((action) => [type, action, rule] as const))
      .filter(([type]) => type !== 'Event'),
  )('%s can have the action %s', (type, action, { actor, object }) => {
    const event = {
      ...validEvent('ViewEvent of IRIs alone', { type, action }),
      actor: { id: 'https://a.example/1', type: actor[0] },
      object: { id: 'https://a.example/2', type: object[0] },
    };
    expect(checkItem(event, 0).profile.filter(({ path }) => path === 'action' || path === 'object.type')).toEqual([]);
  });

  it.each([
    ['an anonymous actor', { actor: { id: 'http://purl.imsglobal.org/caliper/Person', type: 'Person' } }],
    ['a blank node', { actor: { id: '_:p1', type: 'Person' } }],
    ['microseconds', { eventTime: '2026-03-02T09:15:00.123456Z' }],
    ['an offset of nothing', { eventTime: '2026-03-02T09:15:00.123+00:00' }],
    ['a leap day', { eventTime: '2024-02-29T00:00:00Z' }],
    ['a UUID in capitals', { id: 'urn:uuid:5B1D7F3E-6C1A-4F0E-9A57-000000000001' }],
    ['no context', { '@context': undefined }],
    ['contexts of which Caliper’s is the last', { '@context': ['https://schema.org', caliperContext] }],
    ['an inline context', { '@context': { Person: 'http://purl.imsglobal.org/caliper/Person' } }],
    ['members that are null', { referrer: null, generated: null, extensions: null }],
    ['extensions of any form', { extensions: { a: [{ b: null }], 'https://x.example/#c': 1 } }],
    ['no profile', { profile: undefined }],
    ['a non-ASCII IRI', { object: { id: 'https://schule.example/bücher/größe', type: 'Document' } }],
    ['a subtype of a subtype', { object: { id: 'https://a.example/1', type: 'AudioObject', volumeLevel: '3' } }],
  ])('may have %s', (_, more: Item) => {
    const { structural, profile } = checkItem(validEvent('ViewEvent, Viewed', more), 0);
    expect([...structural, ...profile]).toEqual([]);
  });
});

describe('an event that is refused', () => {
  it.each(['id', 'type', 'actor', 'action', 'object', 'eventTime'])('lacks %s', (member) => {
    const event = spoiled(validEvent('ViewEvent, Viewed'), member);
    expect(checkItem(event, 3).structural).toEqual([
      { index: 3, path: member, reason: 'is missing: every event needs it' },
    ]);
    expect(structuralPaths({ ...event, [member]: null })).toEqual([member]);
  });

  it.each<[string, string, unknown]>([
    ['id', 'an IRI that is no UUID', 'https://a.example/events/1'],
    ['id', 'a UUID without its prefix', '5b1d7f3e-6c1a-4f0e-9a57-000000000001'],
    ['id', 'a UUID with a letter too many', 'urn:uuid:9r34jdfj-a0d8-4430-95bd-783ffae4d916'],
    ['id', 'a number', 7],
    ['type', 'an unknown event', 'TeleportEvent'],
    ['type', 'an event of Caliper 1.0', 'OutcomeEvent'],
    ['type', 'a name that objects inherit', 'constructor'],
    ['type', 'a list', ['ViewEvent']],
    ['action', 'a number', 5],
    ['action', 'an empty text', ''],
    ['eventTime', 'a day', '2026-03-02'],
    ['eventTime', 'a time without a zone', '2026-03-02T09:15:00.000'],
    ['eventTime', 'a time of another zone', '2026-03-02T09:15:00.000+02:00'],
    ['eventTime', 'a day that does not exist', '2026-02-29T09:15:00.000Z'],
    ['eventTime', 'an hour that does not exist', '2026-03-02T24:00:00.000Z'],
    ['eventTime', 'a number', 1_772_442_900],
    ['actor', 'a text that is no IRI', 'ada'],
    ['actor', 'a list', [{ id: 'https://a.example', type: 'Person' }]],
    ['actor', 'a number', 4],
    ['actor.id', 'nothing', undefined],
    ['actor.id', 'null', null],
    ['actor.id', 'a relative IRI', '/people/ada'],
    ['actor.id', 'an IRI with a space', 'https://a.example/a b'],
    ['actor.id', 'an IRI without a host', 'https:people'],
    ['actor.id', 'a broken escape', 'https://a.example/%zz'],
    ['actor.id', 'an IRI that is too long', `https://a.example/${'x'.repeat(2048)}`],
    ['actor.type', 'nothing', undefined],
    ['object.type', 'a number', 3],
    ['object.extensions', 'a text', 'mine'],
    ['edApp', 'a text that is no IRI', 'reader'],
    ['group.id', 'nothing', undefined],
    ['membership.id', 'a number', 1],
    ['session', 'true', true],
    ['federatedSession.id', 'a text', 'x'],
    ['profile', 'an unknown profile', 'ViewingProfile'],
    ['profile', 'a list', ['ReadingProfile']],
    ['extensions', 'a text', 'https://a.example'],
    ['extensions', 'a list', []],
    ['@context', 'a number', 12],
  ])('has as %s %s', (path, _, value) =>
    expect(structuralPaths(spoiled(validEvent('ViewEvent, Viewed'), path, value))).toEqual([path]),
  );

  it.each([null, undefined, 1, 'https://a.example', true, [], [[]]])('is %p', (item) => {
    const { structural, profile } = checkItem(item, 0);
    expect([structural.map(({ path }) => path), profile]).toEqual([[''], []]);
  });

  it('is told what replaced its type', () =>
    expect(checkItem(validEvent('ViewEvent, Viewed', { type: 'OutcomeEvent' }), 0).structural[0]?.reason).toBe(
      '"OutcomeEvent" is not an event of Caliper 1.2: send GradeEvent',
    ));

  it.each<[string, string, unknown]>([
    ['extensions.a', 'a NUL', 'a\0b'],
    ['extensions.a', 'half of a surrogate pair', 'a\ud800b'],
    ['extensions.a', 'a number without end', Infinity],
    ['extensions', 'a member’s name with a NUL', { 'a\0': 1 }],
    ['', 'too many values', Array.from({ length: maxValues }, (_, i) => i)],
  ])('has at "%s" %s', (path, _, value) => {
    const place = path === '' ? 'extensions.a' : path;
    const event = spoiled(validEvent('ViewEvent, Viewed', { extensions: { a: 1 } }), place, value);
    expect(structuralPaths(event)).toEqual([path]);
  });

  it('is nested too deep, at any depth that JSON.parse can read', () => {
    for (const depth of [maxDepth, 100_000]) {
      const deep: unknown = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
      expect(checkItem({ ...activityEvent(), extensions: { deep } }, 0).structural[0]?.reason).toContain(
        'nested deeper',
      );
    }
  });

  it('has no more than so many problems listed', () => {
    const strange = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`member${i}`, i]));
    expect(checkItem({ ...activityEvent(), ...strange }, 0).profile).toHaveLength(maxProblems);
  });

  it('is judged at both levels at once, without naming a member twice', () => {
    const event = validEvent('ViewEvent, Viewed', { id: 'x', action: 'Read', edApp: 'reader' });
    expect([structuralPaths(event), profilePaths(event)]).toEqual([['id', 'edApp'], ['action']]);
  });
});

describe('an event that is not what its type says', () => {
  it.each(
    Object.keys(validEvents)
      .filter((name) => !name.startsWith('Event'))
      .map((name) => [name]),
  )('%s refuses an action of another event', (name) => {
    const event = validEvent(name, { action: 'Hid' });
    expect([structuralPaths(event), profilePaths(event)]).toEqual([[], ['action']]);
  });

  it.each<[string, string, unknown]>([
    ['Event, Created', 'action', 'Teleported'],
    ['Event, Created', 'actor.type', 'Document'],
    ['AnnotationEvent, Tagged', 'generated.type', 'BookmarkAnnotation'],
    ['AnnotationEvent, Tagged', 'object.type', 'Person'],
    ['AnnotationEvent, Bookmarked', 'generated.bookmarkNotes', 5],
    ['AnnotationEvent, Highlighted', 'generated.selection.start', -1],
    ['AnnotationEvent, Highlighted', 'generated.selection.type', 'Selector'],
    ['AnnotationEvent, Shared', 'generated.withAgents[1]', 'not an IRI'],
    ['AssessmentEvent, Submitted', 'object.type', 'AssignableDigitalResource'],
    ['AssessmentEvent, Submitted', 'actor.type', 'SoftwareApplication'],
    ['AssessmentEvent, Submitted', 'generated.type', 'Score'],
    ['AssessmentEvent, Submitted', 'generated.count', 1.5],
    ['AssessmentEvent, Submitted', 'generated.duration', '12 minutes'],
    ['AssessmentEvent, Submitted', 'generated.assignee.type', 'Document'],
    ['AssessmentEvent, Submitted', 'object.items[0].type', 'Person'],
    ['AssessmentEvent, Submitted', 'object.maxScore', '12.5'],
    ['AssessmentEvent, Submitted', 'group.type', 'Person'],
    ['AssessmentEvent, Submitted', 'membership.roles[0]', 'Student'],
    ['AssessmentEvent, Submitted', 'membership.status', 'Paused'],
    ['AssessmentEvent, Submitted', 'session.startedAtTime', 'yesterday'],
    ['AssessmentEvent, Submitted', 'edApp.type', 'Person'],
    ['AssessmentItemEvent, Started', 'generated.type', 'Response'],
    ['AssessmentItemEvent, Completed', 'generated.type', 'Attempt'],
    ['AssessmentItemEvent, Completed', 'generated.values', 'nucleus'],
    ['AssessmentItemEvent, Completed', 'generated.values[0]', 7],
    ['AssignableEvent, Activated', 'object.type', 'Document'],
    ['AssignableEvent, Activated', 'object.dateToSubmit', '2026-04-01'],
    ['AssignableEvent, Activated', 'target.type', 'MediaLocation'],
    ['FeedbackEvent, Commented', 'generated.type', 'Rating'],
    ['FeedbackEvent, Ranked', 'generated.question.scale.itemLabels', 'No'],
    ['ForumEvent, Subscribed', 'object.type', 'Thread'],
    ['ForumEvent, Subscribed', 'object.items[0].items[0].type', 'Forum'],
    ['GradeEvent, Graded by an application', 'object.type', 'Assessment'],
    ['GradeEvent, Graded by an application', 'actor.type', 'Document'],
    ['GradeEvent, Graded by an application', 'generated.scoreGiven', 'seven'],
    ['MediaEvent, Paused', 'object.type', 'Document'],
    ['MediaEvent, Paused', 'target.type', 'Frame'],
    ['MediaEvent, Paused', 'target.currentTime', '11:50'],
    ['MediaEvent, Paused', 'object.duration', 'P'],
    ['MessageEvent, Posted', 'object.type', 'Thread'],
    ['MessageEvent, Posted', 'object.creators', { id: 'https://a.example', type: 'Person' }],
    ['MessageEvent, Posted', 'object.replyTo.type', 'Document'],
    ['NavigationEvent, NavigatedTo', 'object.type', 'Person'],
    ['NavigationEvent, NavigatedTo', 'referrer.type', 'Person'],
    ['NavigationEvent, NavigatedTo', 'target.type', 'Person'],
    ['QuestionnaireEvent, Started', 'object.type', 'Survey'],
    ['QuestionnaireItemEvent, Skipped', 'object.weight', '0.5'],
    ['QuestionnaireItemEvent, Skipped', 'generated.type', 'Response'],
    ['QuestionnaireItemEvent, Completed', 'object.question.type', 'Document'],
    ['ResourceManagementEvent, Printed', 'object.type', 'Person'],
    ['ResourceManagementEvent, Copied', 'generated', undefined],
    ['SearchEvent, Searched', 'generated.type', 'Query'],
    ['SearchEvent, Searched', 'generated.query.searchTerms', ['cell', 'wall']],
    ['SearchEvent, Searched', 'generated.searchResultsItemCount', -3],
    ['SessionEvent, LoggedIn', 'actor.type', 'SoftwareApplication'],
    ['SessionEvent, LoggedIn', 'object.type', 'Session'],
    ['SessionEvent, TimedOut', 'actor.type', 'Person'],
    ['SessionEvent, TimedOut', 'object.type', 'SoftwareApplication'],
    ['SurveyEvent, OptedIn', 'object.type', 'Questionnaire'],
    ['SurveyInvitationEvent, Sent', 'object.sentCount', 'once'],
    ['ThreadEvent, MarkedAsRead', 'object.type', 'Message'],
    ['ToolLaunchEvent, Launched', 'federatedSession', undefined],
    ['ToolLaunchEvent, Launched', 'federatedSession.messageParameters', ['iss']],
    ['ToolLaunchEvent, Launched', 'target.type', 'WebPage'],
    ['ToolLaunchEvent, Launched', 'target.messageType', 'Launch'],
    ['ToolUseEvent, Used', 'object.type', 'Document'],
    ['ToolUseEvent, Used', 'generated.items[0].metric', 'HoursOnTask'],
    ['ToolUseEvent, Used', 'generated.items[1].metricValue', undefined],
    ['ToolUseEvent, Used', 'generated.items[1].metricValue', '3'],
    ['ViewEvent, Viewed', 'object.type', 'Session'],
    ['ViewEvent, Viewed', 'object.keywords[0]', 4],
    ['ViewEvent, Viewed', 'object.datePublished', '1 September'],
    ['ViewEvent, Viewed', 'federatedSession.type', 'Session'],
    ['ViewEvent, Viewed', 'session.type', 'Membership'],
    ['ViewEvent, Viewed', 'membership.member.id', 'ada'],
    ['ViewEvent, Viewed', '@context', 'http://example.com/not/caliper'],
    ['ViewEvent, Viewed', '@context', [caliperContext, 'https://schema.org']],
  ])('%s has a wrong %s', (name, path, value) => {
    const event = spoiled(validEvent(name), path, value);
    expect([structuralPaths(event), profilePaths(event)[0]]).toEqual([[], path]);
  });

  it.each<[string, string]>([
    ['ViewEvent, Viewed', 'MediaProfile'],
    ['ViewEvent, Viewed', 'ForumProfile'],
    ['ViewEvent, Viewed', 'AssessmentProfile'],
    ['ViewEvent of a result', 'ReadingProfile'],
    ['NavigationEvent, NavigatedTo', 'SurveyProfile'],
    ['NavigationEvent, NavigatedTo', 'AssignableProfile'],
  ])('%s has an object that the %s does not have', (name, profile) =>
    expect(profilePaths(validEvent(name, { profile }))).toEqual(['object.type']),
  );

  it.each<[string, string]>([
    ['ViewEvent, Viewed', 'SessionProfile'],
    ['AssessmentEvent, Submitted', 'GeneralProfile'],
    ['Event, Created', 'AssessmentProfile'],
    ['MediaEvent, Paused', 'TimebackProfile'],
    ['ActivityEvent, Completed', 'GeneralProfile'],
  ])('%s is not of the %s', (name, profile) =>
    expect(profilePaths(validEvent(name, { profile }))).toEqual(['profile']),
  );

  it('has members that the model does not know', () => {
    const event = spoiled(validEvent('ViewEvent, Viewed', { score: 5 }), 'object.colour', 'red');
    expect(checkItem(event, 3)).toMatchObject({
      structural: [],
      profile: [
        { index: 3, path: 'object.colour', reason: expect.stringContaining('extensions') },
        { index: 3, path: 'score', reason: expect.stringContaining('extensions') },
      ],
    });
  });

  it('names the member, what is wrong and what to send', () =>
    expect(checkItem(validEvent('SessionEvent, LoggedIn', { action: 'Launched' }), 7).profile).toEqual([
      {
        index: 7,
        path: 'action',
        reason: '"Launched" is not an action of a SessionEvent: send LoggedIn, LoggedOut, TimedOut',
      },
    ]));
});

describe('an event of the TimebackProfile', () => {
  it.each<[string, Item]>([
    ['takes points back', { items: [{ type: 'xpEarned', value: -40 }] }],
    ['is a later attempt', { attempt: 3, items: [] }],
    ['has attributes of its own', { items: [], extensions: { pctCompleteApp: 40 } }],
  ])('%s', (_, generated) => {
    const event = activityEvent();
    expect(profilePaths({ ...event, generated: { ...(event.generated as Item), ...generated } })).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['actor', 'https://school.example/users/ada'],
    ['actor.type', 'Person'],
    ['actor.email', undefined],
    ['actor.email', 'ada'],
    ['actor.role', 'learner'],
    ['object', 'https://school.example/activities/12'],
    ['object.type', 'DigitalResource'],
    ['object.subject', undefined],
    ['object.subject', 'Alchemy'],
    ['object.app', undefined],
    ['object.app.name', undefined],
    ['object.app.name', 5],
    ['object.activity', 'Chapter 3'],
    ['object.course.id', 3],
    ['generated', undefined],
    ['generated.type', 'TimebackTimeSpentMetricsCollection'],
    ['generated.attempt', 0],
    ['generated.attempt', 1.5],
    ['generated.items', undefined],
    ['generated.items', { type: 'xpEarned', value: 1 }],
    ['generated.items[1]', 10],
    ['generated.items[1].type', 'questions'],
    ['generated.items[1].value', -1],
    ['generated.items[1].value', '10'],
    ['generated.items[3].value', undefined],
  ])('with a wrong %s is reported there', (path, value) => {
    const event = spoiled(activityEvent(), path, value);
    expect([structuralPaths(event), profilePaths(event)[0]]).toEqual([[], path]);
  });

  it.each<[string, unknown]>([
    ['generated.type', 'TimebackActivityMetricsCollection'],
    ['generated.items[0].type', 'asleep'],
    ['generated.items[0].value', 86_401],
    ['generated.items[0].value', -1],
    ['generated.items[0].startDate', '9 o’clock'],
    ['generated.items[0].endDate', '2026-03-02T09:10:00'],
    ['generated.items[1].subType', 4],
  ])('about time spent with a wrong %s is reported there', (path, value) =>
    expect(profilePaths(spoiled(timeSpentEvent(), path, value))[0]).toBe(path),
  );

  it('may say that a whole day was spent', () =>
    expect(profilePaths(spoiled(timeSpentEvent(), 'generated.items[0].value', 86_400))).toEqual([]));
});

describe('a description of an entity', () => {
  it.each(Object.keys(entityTypes).filter((type) => !/^Timeback|AggregateMeasure$/.test(type)))(
    '%s needs no more than id and type',
    (type) =>
      expect(checkItem({ '@context': caliperContext, id: 'https://a.example/1', type }, 0)).toEqual({
        kind: 'entity',
        structural: [],
        profile: [],
      }),
  );

  it('may have identifiers in other systems', () => {
    const source = { id: 'https://a.example', type: 'SoftwareApplication' };
    const otherIdentifiers = [
      { type: 'SystemIdentifier', identifier: 'ada@a.example', identifierType: 'EmailAddress', source },
    ];
    const item = { id: 'https://a.example/1', type: 'Person', otherIdentifiers };
    expect(checkItem(item, 0).profile).toEqual([]);
    expect(profilePaths(spoiled(item, 'otherIdentifiers[0].identifierType', 'Shoe'))).toEqual([
      'otherIdentifiers[0].identifierType',
    ]);
  });

  it.each<[string, unknown]>([
    ['id', undefined],
    ['id', null],
    ['id', '_:b1'],
    ['id', 'ada'],
    ['type', undefined],
    ['type', 'Teacher'],
    ['type', 'SystemIdentifier'],
    ['extensions', 'mine'],
  ])('with a wrong %s is refused', (path, value) =>
    expect(structuralPaths(spoiled(membership(), path, value))).toEqual([path]),
  );

  it.each<[string, unknown]>([
    ['dateCreated', '10/01/2026'],
    ['name', 5],
    ['member.type', 'Document'],
    ['organization.type', 'Person'],
    ['roles', 'Learner'],
    ['status', 'active'],
    ['colour', 'red'],
    ['@context', 'https://schema.org'],
  ])('with a wrong %s is reported', (path, value) => {
    const item = spoiled(membership(), path, value);
    expect([structuralPaths(item), profilePaths(item)]).toEqual([[], [path]]);
  });
});

describe('whatever JSON is sent', () => {
  const members = ['id', 'type', 'actor', 'action', 'object', 'generated', 'items', 'value', '__proto__', 'extensions'];
  const words = [
    'ActivityEvent',
    'Person',
    'Completed',
    'TimebackProfile',
    'https://a.example',
    'xpEarned',
    'urn:uuid:',
  ];
  const likely = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom(...words),
      fc.jsonValue({ maxDepth: 2 }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.oneof(fc.constantFrom(...members), fc.string()), tie('value'), { maxKeys: 8 }),
    ),
  }));

  it('is answered', () =>
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), likely.value), fc.nat(), (item, index) => {
        const { structural, profile } = checkItem(item, index);
        for (const problem of [...structural, ...profile]) {
          expect(problem.index).toBe(index);
          expect(problem.reason.length).toBeLessThan(700);
        }
      }),
      { numRuns: 2000 },
    ));

  it('a valid event with one member spoiled is answered', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(validEvents)),
        fc.nat(),
        fc.jsonValue({ maxDepth: 3 }),
        (make, place, value) => {
          const event = make();
          const names = Object.keys(event);
          expect(checkItem({ ...event, [names[place % names.length]!]: value }, 0).kind).toMatch(/event|entity/);
        },
      ),
      { numRuns: 2000 },
    ));

  it('is quoted in few words', () =>
    expect([quoted('x'.repeat(1000)).length, quoted([1]), quoted({ a: 1 }), quoted(null), quoted('"')]).toEqual([
      62,
      'a list',
      'an object',
      'nothing',
      '"\\""',
    ]));
});
