import { runInNewContext } from 'node:vm';
import { golfBasics } from '../../examples/make-package';

/** The course's script in a page whose parent's parent has the API; what it called there. */
const play = (status: string) => {
  const calls: string[] = [];
  const listeners: Record<string, () => void> = {};
  const api = {
    LMSInitialize: () => calls.push('initialize'),
    LMSGetValue: () => status,
    LMSSetValue: (element: string, value: string) => calls.push(`${element}=${value}`),
    LMSCommit: () => calls.push('commit'),
    LMSFinish: () => calls.push('finish'),
  };
  const top: Record<string, unknown> = { API: api };
  top['parent'] = top;
  const page = {
    parent: { parent: top },
    addEventListener: (name: string, listener: () => void) => (listeners[name] = listener),
  };
  const course = runInNewContext(`${golfBasics['shared/course.js']}; course`, { window: page });
  return { calls, course, leave: () => listeners['pagehide']?.() };
};

describe('the example course', () => {
  test('finds the API above it and tells that the learner has begun', () => {
    const { calls, course } = play('not attempted');
    expect(course.connected).toBe(true);
    expect(calls).toEqual(['initialize', 'cmi.core.lesson_status=incomplete']);
  });

  test('reports a score and finishes once', () => {
    const { calls, course, leave } = play('incomplete');
    course.complete(100);
    leave();
    expect(calls).toEqual([
      'initialize',
      'cmi.core.score.min=0',
      'cmi.core.score.max=100',
      'cmi.core.score.raw=100',
      'cmi.core.lesson_status=passed',
      'cmi.core.session_time=00:00:00',
      'commit',
      'finish',
    ]);
  });

  test('finishes when the page is left', () => {
    const { calls, leave } = play('incomplete');
    leave();
    expect(calls).toEqual(['initialize', 'cmi.core.session_time=00:00:00', 'commit', 'finish']);
  });

  test('can be opened without a learning management system', () => {
    const page: Record<string, unknown> = { addEventListener: () => undefined };
    page['parent'] = page;
    const course = runInNewContext(`${golfBasics['shared/course.js']}; course.complete(); course`, { window: page });
    expect(course.connected).toBe(false);
  });
});
