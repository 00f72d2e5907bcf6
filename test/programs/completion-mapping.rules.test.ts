import * as fc from 'fast-check';
import { type CompletionMapping, defaultMapping, readerOf } from '../../src/programs/completion-mapping.rules';
import { activityEvent, type Item, spoiled, timeSpentEvent, validEvents } from '../support/caliper-events';

const reader = readerOf(defaultMapping);
const mapped = (events: Partial<CompletionMapping['events']>, caliper: Partial<CompletionMapping['caliper']> = {}) =>
  readerOf({ events: { ...defaultMapping.events, ...events }, caliper: { ...defaultMapping.caliper, ...caliper } });

const eventOf = (more: object = {}) => ({
  ProgramMemberId: 'ada',
  EventType: 'AI_COMP_SUCCESS',
  EventData: { courseId: 'golf' },
  ...more,
});

describe('an event of the event store', () => {
  it('completes the course that it names, for the member', () =>
    expect(reader.ofEvent(eventOf())).toEqual({ email: null, learner: 'ada', course: 'golf' }));

  it.each([
    ['AI_COMP_SUCCESS', true],
    ['LPI_COMP_SUCCESS', true],
    ['_COMP_SUCCESS', true],
    ['AI_COMP_UNSUCCESS', false],
    ['AI_COMP_SUCCESS_NOT', false],
    ['COMP_SUCCESS', false],
    ['HUB_COMP_SUCCESS', false],
  ])('of the type %s: %s', (EventType, completes) =>
    expect(reader.ofEvent(eventOf({ EventType })) !== undefined).toBe(completes),
  );

  it.each<[string, unknown, string | undefined]>([
    ['a text with space around it', ' golf ', 'golf'],
    ['a whole number', 17, '17'],
    ['a fraction', 1.5, undefined],
    ['an empty text', '  ', undefined],
    ['an object', { id: 'golf' }, undefined],
    ['nothing', undefined, undefined],
  ])('with %s for the course', (_, courseId, course) =>
    expect(reader.ofEvent(eventOf({ EventData: { courseId } }))?.course).toBe(course),
  );

  it('by a mapping of the application', () => {
    const mapping = mapped({ types: ['DONE', 'X_*_Y_*'], course: 'EventData.course.id', learner: 'EventData.who' });
    const EventData = { course: { id: 'golf' }, who: 'bob@school.example' };
    const courseOf = (EventType: string) => mapping.ofEvent(eventOf({ EventType, EventData }))?.course;
    expect(['DONE', 'X_1_Y_2', 'X__Y_'].map(courseOf)).toEqual(['golf', 'golf', 'golf']);
    expect(['DONE_', 'X_Y_', 'AI_COMP_SUCCESS'].map(courseOf)).toEqual([undefined, undefined, undefined]);
    expect(mapping.ofEvent(eventOf({ EventType: 'DONE', EventData }))?.learner).toBe('bob@school.example');
    expect(mapping.ofEvent(eventOf({ EventType: 'DONE', EventData: { course: { id: 'golf' } } }))).toBeUndefined();
  });

  it('of the hub never completes, whatever the mapping', () =>
    expect(mapped({ types: ['*'] }).ofEvent(eventOf({ EventType: 'HUB_ENROLLMENT_COMPLETED' }))).toBeUndefined());

  it('of a mapping that speaks of what every object has is none', () =>
    expect(mapped({ course: 'EventData.constructor.name' }).ofEvent(eventOf())).toBeUndefined());
});

const ofActivity = (event: Item, learner: { id?: string; email?: string } = { id: 'ada' }, by = reader) =>
  by.ofActivity(event, learner);

describe('a Caliper event', () => {
  it('completes the course of its object, for the actor', () =>
    expect(
      ofActivity(activityEvent(), { id: 'https://school.example/users/ada', email: 'ada@school.example' }),
    ).toEqual({
      email: 'ada@school.example',
      learner: 'https://school.example/users/ada',
      course: 'https://school.example/courses/reading-g3',
    }));

  it.each<[string, Item]>([
    ['another action', activityEvent({ action: 'Started' })],
    ['another type', activityEvent({ type: 'AssignableEvent' })],
    ['no course', spoiled(activityEvent(), 'object.course')],
    ['time spent', timeSpentEvent()],
  ])('completes nothing with %s', (_, event) => expect(ofActivity(event)).toBeUndefined());

  it('completes nothing for nobody', () => expect(ofActivity(activityEvent(), {})).toBeUndefined());

  it('by a mapping of the application', () => {
    const mapping = mapped({}, { actions: ['Assess*/Submitted', '*/Ended'], course: 'object.id' });
    const completing = Object.values(validEvents)
      .map((make) => make())
      .filter((event) => ofActivity(event, { id: 'ada' }, mapping) !== undefined);
    const names = completing.map(({ type, action }) => `${String(type)}/${String(action)}`);
    expect(names).toContain('AssessmentEvent/Submitted');
    expect(names.every((name) => /^Assess.*\/Submitted$|\/Ended$/.test(name))).toBe(true);
  });

  it('can be any JSON', () =>
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(() => ofActivity(activityEvent({ object: value, action: value }))).not.toThrow();
        expect(() => ofActivity(activityEvent({ object: value }))).not.toThrow();
      }),
    ));
});

test('a pattern fits as the regular expression does that it stands for', () =>
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', '*') }),
      fc.string({ unit: fc.constantFrom('a', 'b') }),
      (pattern, text) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text);
        const told = mapped({ types: [pattern] }).ofEvent(eventOf({ EventType: text }));
        expect(told !== undefined).toBe(expected);
      },
    ),
    { numRuns: 1000 },
  ));
