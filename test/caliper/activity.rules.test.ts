import * as fc from 'fast-check';
import { lastSegment, readActivity } from '../../src/caliper/activity.rules';
import { activityEvent, spoiled, timeSpentEvent, validEvent } from '../support/caliper-events';

describe('what an event says of a learner’s work', () => {
  it('of a completed activity', () =>
    expect(readActivity(activityEvent())).toEqual({
      learner: { id: 'https://school.example/users/ada', email: 'ada@school.example', name: 'Ada' },
      courseId: 'https://school.example/courses/reading-g3',
      appName: 'Reader',
      subject: 'Reading',
      activityName: 'Chapter 3',
      metrics: { xpEarned: 100, totalQuestions: 10, correctQuestions: 8, masteredUnits: 1 },
      seconds: {},
    }));

  it('of time spent', () =>
    expect(readActivity(timeSpentEvent())).toMatchObject({
      metrics: {},
      seconds: { active: 600, inactive: 42.5 },
    }));

  it('of a standard event: who, and in which application', () =>
    expect(readActivity(validEvent('ViewEvent, Viewed'))).toEqual({
      learner: { id: 'https://school.example/people/ada' },
      appName: 'Reader',
      metrics: {},
      seconds: {},
    }));

  it('of an event with IRIs: who', () =>
    expect(readActivity(validEvent('ViewEvent of IRIs alone')).learner).toEqual({
      id: 'https://school.example/people/ada',
    }));

  it('adds up items of a type, corrections included', () => {
    const items = [100, -30, 'x', 5].map((value) => ({ type: 'xpEarned', value }));
    expect(readActivity(spoiled(activityEvent(), 'generated.items', items)).metrics).toEqual({ xpEarned: 75 });
  });

  it('has no course where the event names none', () =>
    expect([
      readActivity(spoiled(activityEvent(), 'object.course')).courseId,
      readActivity(spoiled(activityEvent(), 'object.course.id', '  ')).courseId,
    ]).toEqual([undefined, undefined]));

  it('can be read of any JSON', () =>
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, other) => {
        expect(readActivity(value)).toHaveProperty('learner');
        const parts = { actor: value, object: other, generated: { items: value } };
        expect(readActivity(activityEvent(parts))).toHaveProperty('seconds', {});
      }),
    ));
});

it.each([
  ['https://a.example/ims/courses/reading-g3', 'reading-g3'],
  ['https://a.example/courses/reading-g3/', 'reading-g3'],
  ['https://a.example/courses/reading-g3?term=1#top', 'reading-g3'],
  ['https://a.example/courses/reading%20g3', 'reading g3'],
  ['https://a.example/courses/50%', '50%'],
  ['https://a.example', 'a.example'],
  ['urn:course:7', 'urn:course:7'],
  ['golf', 'golf'],
  ['', ''],
  ['?x', '?x'],
  ['///', '///'],
])('the last segment of "%s" is "%s"', (id, segment) => expect(lastSegment(id)).toBe(segment));
