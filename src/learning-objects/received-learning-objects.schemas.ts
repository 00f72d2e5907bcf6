import { type Static, Type } from '@sinclair/typebox';
import { pageQuery } from '../http/hub-paging';
import { dateTime, orNull, rowId } from './learning-objects.schemas';
import type { ReceivedBody } from './received-learning-objects.rules';

export const ReceivedPath = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 255, description: 'A course’s id, or a learning object’s id_repository' }),
});

/** LOEP Callback API, `PUT /los/:id`. */
export const ReceivedNotification = Type.Unsafe<ReceivedBody>({
  type: 'object',
  required: ['lo'],
  properties: {
    id_loep: { type: ['integer', 'string', 'null'], maxLength: 20, description: 'The object’s id in the LOEP server' },
    id_repository: { type: ['string', 'integer', 'null'], maxLength: 255, description: 'The id in the path' },
    lo: { description: 'The learning object’s data: a JSON object, or its text' },
  },
});

export const ReceivedAnswer = Type.Object({}, { additionalProperties: false });

const scores = Type.Record(Type.String(), orNull('number'), { description: 'By the metric’s name' });

const received = {
  id: rowId,
  id_repository: Type.String({ description: 'The id under which it came' }),
  course_id: orNull('string'),
  learning_object_id: orNull('integer'),
  key_id: Type.String({ description: 'The key that the LOEP server calls with' }),
  id_loep: orNull('integer'),
  scores,
  received_at: Type.String({ format: 'date-time', description: 'When the server said so last' }),
  changed_at: Type.String({ format: 'date-time', description: 'When it said something new last' }),
};

export const ReceivedObjectSummary = Type.Object(received);
export type ReceivedObjectSummary = Static<typeof ReceivedObjectSummary>;

export const ReceivedObjectData = Type.Object({
  ...received,
  lo: Type.Unsafe<object>({ type: 'object', description: 'As it came' }),
});

export const ReceivedObjectList = Type.Object({
  received_learning_objects: Type.Array(ReceivedObjectSummary),
  next: Type.Optional(Type.String()),
});

export const ReceivedQuery = Type.Object({
  ...pageQuery,
  course_id: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'What came for this course' })),
});

export const ReceivedScoresList = Type.Object({
  scores: Type.Array(Type.Object({ received_at: dateTime, scores })),
  next: Type.Optional(Type.String()),
});
