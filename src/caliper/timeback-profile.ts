import type { EntityType } from './entity-types';
import type { EventType } from './event-types';
import { type Kind, list, oneOf, type Shape } from './kinds';
import { subjects, timebackRoles, timeKinds } from './vocabularies';

/** The profile of learning activities with metrics: not of the standard, but of the service whose door this is. */
export const timebackProfile = 'TimebackProfile';

/** A day: more cannot be spent between two events. */
export const maxSecondsSpent = 86_400;

/** Members that any object of this profile may have besides its own. */
const common = { id: 'text', type: 'text', name: 'text', extensions: 'map' } as const;

const named = (required: readonly string[] = []): Kind => ({ shape: { members: common, required } });

const metric = (value: Kind): Shape => ({
  members: { type: 'text', value, extensions: 'map' },
  required: ['type', 'value'],
});

const timeSpent: Shape = {
  members: {
    type: 'text',
    subType: 'text',
    value: { from: 0, to: maxSecondsSpent },
    startDate: 'time',
    endDate: 'time',
    extensions: 'map',
  },
  required: ['type', 'value'],
};

/**
 * What `generated.items` of an activity hold. Events are never changed, so a correction is a further event: only points
 * can be taken back, by a negative xpEarned.
 */
const activityItems: Readonly<Record<string, Shape>> = {
  xpEarned: metric('number'),
  totalQuestions: metric('amount'),
  correctQuestions: metric('amount'),
  masteredUnits: metric('amount'),
};

export const timebackTypes: Readonly<Record<string, EntityType>> = {
  TimebackUser: {
    of: ['Person'],
    attributes: { email: 'email', role: oneOf(timebackRoles) },
    required: ['email'],
  },
  TimebackActivityContext: {
    of: ['DigitalResource'],
    attributes: {
      subject: oneOf(subjects),
      app: named(['name']),
      activity: named(),
      course: named(),
      process: 'anything',
    },
    required: ['subject', 'app'],
  },
  TimebackActivityMetricsCollection: {
    of: ['Entity'],
    attributes: { attempt: { integerFrom: 1 }, items: list({ byType: activityItems }) },
    required: ['items'],
  },
  TimebackTimeSpentMetricsCollection: {
    of: ['Entity'],
    attributes: { items: list({ byType: Object.fromEntries(timeKinds.map((kind) => [kind, timeSpent])) }) },
    required: ['items'],
  },
};

/** Their actor, object and generated carry the data, so an IRI in their place says nothing. */
const inline = ['actor', 'object', 'generated'] as const;

export const timebackEvents: Readonly<Record<string, EventType>> = {
  ActivityEvent: {
    rules: [
      {
        actions: ['Completed'],
        actor: ['TimebackUser'],
        object: ['TimebackActivityContext'],
        generated: ['TimebackActivityMetricsCollection'],
        required: ['generated'],
        inline,
      },
    ],
  },
  TimeSpentEvent: {
    rules: [
      {
        actions: ['SpentTime'],
        actor: ['TimebackUser'],
        object: ['TimebackActivityContext'],
        generated: ['TimebackTimeSpentMetricsCollection'],
        required: ['generated'],
        inline,
      },
    ],
  },
};
