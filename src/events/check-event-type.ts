import { invalid } from '../errors';
import type { Resources } from '../resources';
import { assertFits, compileSchema } from './compile-schema';

/** Throws invalid when the type is not known and has to be, or has a schema that the data do not fit. */
export async function checkEventType(
  type: string,
  data: object,
  { eventTypes, config }: Pick<Resources, 'eventTypes' | 'config'>,
): Promise<void> {
  const known = await eventTypes.get(type);
  if (known?.schema) assertFits(compileSchema(known.schema), data, type);
  if (known || config.events.unknownTypes === 'accept') return;
  throw invalid('The event’s type is not known here.', {
    code: 'event_type_unknown',
    details: [{ path: 'EventType', message: 'must be one of GET /hub/v1/event-types' }],
  });
}
