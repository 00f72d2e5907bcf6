import { type CourseUse, interactionQuality } from '../../src/learning-objects/interaction-quality.rules';
import { countInteractions } from '../../src/player/cmi.rules';

/** The example of docs/learning-objects.md: 15 min, 20 min, 40 s, 4 min 20 s. */
const use: CourseUse = { registrations: 4, seconds: 2400, stayed: 3, interactions: 24, typicalTime: 'PT20M' };

describe('Interaction Quality', () => {
  it.each<[string, Partial<CourseUse>, readonly number[]]>([
    // 10 · 600 / 1200, 10 · 3 / 4, 10 · (24 / 40) / 2
    ['the documented example', {}, [5, 7.5, 3]],
    // 10 · 600 / 600
    ['a course that does not say how long it takes takes ten minutes', { typicalTime: null }, [10, 7.5, 3]],
    ['neither does one that says nonsense', { typicalTime: 'an hour' }, [10, 7.5, 3]],
    ['or no time', { typicalTime: 'PT0S' }, [10, 7.5, 3]],
    // 10 · 600 / 1800
    ['a time as older metadata have it', { typicalTime: '00:30:00' }, [3.33, 7.5, 3]],
    ['longer than is typical is no better', { typicalTime: 'PT5M' }, [10, 7.5, 3]],
    // 100 / 40 is 2.5 a minute
    ['more than two interactions a minute are no better', { interactions: 100 }, [5, 7.5, 10]],
    // 10 · (25 / 40) / 2 = 3.125
    ['two decimals, half up', { interactions: 25, stayed: 1, registrations: 3 }, [6.67, 3.33, 3.13]],
    ['no interactions are a nought', { interactions: 0 }, [5, 7.5, 0]],
    ['so is no time at all', { seconds: 0, stayed: 0 }, [0, 0, 0]],
  ])('%s', (_, more, expected) => {
    expect(interactionQuality({ ...use, ...more })).toEqual(expected);
  });

  it('is not known while nobody has used the course', () => {
    expect(interactionQuality({ ...use, registrations: 0, seconds: 0, stayed: 0, interactions: 0 })).toBeUndefined();
  });
});

test('interactions are counted by their place in the list, whatever is said of each', () => {
  expect(countInteractions({})).toBe(0);
  const cmi = {
    'cmi.interactions.0.id': 'a',
    'cmi.interactions.0.result': 'correct',
    'cmi.interactions.10.objectives.0.id': 'o',
    'cmi.interactions._count': '2',
    'cmi.objectives.1.id': 'o',
  };
  expect(countInteractions(cmi)).toBe(2);
});
