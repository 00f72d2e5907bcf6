import { forbidden } from '../errors';
import type { Resources } from '../resources';
import { type DocumentContent, isJsonType } from '../statements/document-merge.rules';
import { isLanguageTag } from '../statements/formats.rules';
import type { AskedDocuments } from '../statements/reach';
import { isObject } from '../statements/shapes.rules';
import { cmi5NotesOf } from './cmi5-notes';
import { addToNotes, type UnitSessionRow } from './unit-sessions.store';

/** The state in which an AU finds what it was launched with (cmi5 10). */
export const launchDataId = 'LMS.LaunchData';

/** The profile with what the learner likes, over all courses (cmi5 11). */
export const preferencesId = 'cmi5LearnerPreferences';

/** What an AU may not change, and that it has asked for the learner's preferences, which it has to. */
export async function admitCmi5Documents(
  { scope: { resource }, id }: AskedDocuments,
  does: 'read' | 'change',
  unit: UnitSessionRow,
  { db }: Pick<Resources, 'db'>,
): Promise<void> {
  if (resource === 'state' && does === 'change' && (id === launchDataId || id === undefined)) {
    throw forbidden(`${launchDataId} can be read only, and is deleted neither with other states (cmi5 10.2.1).`);
  }
  const asksForPreferences = resource === 'agent-profile' && does === 'read' && id === preferencesId;
  if (asksForPreferences && cmi5NotesOf(unit).preferences !== true)
    await addToNotes(db, unit.id, { preferences: true });
}

/** Preferences have a form (cmi5 11.1, 11.2); other documents are as their AU likes. */
export function admitCmi5Content({ scope: { resource }, id }: AskedDocuments, document: DocumentContent): void {
  if (resource !== 'agent-profile' || id !== preferencesId) return;
  const { languagePreference: languages, audioPreference: audio } = jsonOf(document);
  if (typeof languages !== 'string' || !languages.split(',').every((tag) => isLanguageTag(tag.trim()))) {
    throw forbidden('languagePreference is a list of language tags, with commas between (cmi5 11.1).');
  }
  if (audio !== 'on' && audio !== 'off') throw forbidden('audioPreference is "on" or "off" (cmi5 11.2).');
}

function jsonOf({ contentType, content }: DocumentContent): Readonly<Record<string, unknown>> {
  if (isJsonType(contentType)) {
    try {
      const value: unknown = JSON.parse(content.toString('utf8'));
      if (isObject(value)) return value;
    } catch {
      // No JSON: that is what is said below.
    }
  }
  throw forbidden('The learner’s preferences are a JSON object, sent as application/json (cmi5 11).');
}
