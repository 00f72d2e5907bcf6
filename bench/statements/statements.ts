import { randomUUID } from 'node:crypto';

export const activityCount = 1000;
export const learnerCount = 10_000;

const description = 'What a learner has to do here, how long it takes, and what it is good for. '.repeat(3).trim();

let made = 0;

/** A statement of about 1 KB, as courses send them: with a definition that is always the same for an activity. */
export function nextStatement(): object {
  made += 1;
  const [activity, learner] = [made % activityCount, made % learnerCount];
  return {
    id: randomUUID(),
    actor: { objectType: 'Agent', name: `Learner ${learner}`, mbox: `mailto:learner-${learner}@school.example` },
    verb: { id: 'http://adlnet.gov/expapi/verbs/completed', display: { 'en-US': 'completed' } },
    object: {
      objectType: 'Activity',
      id: `https://school.example/activities/${activity}`,
      definition: {
        name: { 'en-US': `Activity ${activity}` },
        description: { 'en-US': description },
        type: 'http://adlnet.gov/expapi/activities/lesson',
      },
    },
    result: {
      score: { scaled: 0.93, raw: 93, min: 0, max: 100 },
      completion: true,
      success: true,
      duration: 'PT12M5.3S',
    },
    context: {
      registration: randomUUID(),
      platform: 'web',
      language: 'en-US',
      contextActivities: { parent: [{ id: `https://school.example/courses/${activity % 20}` }] },
    },
    timestamp: '2026-01-31T12:00:00.000Z',
  };
}
