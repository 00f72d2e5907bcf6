import type { Activity } from '../courses/packages/package';
import { present } from '../courses/packages/present';
import { tooLarge } from '../errors';
import { type PutParam, readPutParam } from './aicc-data.rules';
import { addComments, addInteractions, addObjectives, keepObjectives } from './aicc-records.rules';
import { scorm12Data } from './browser/run-time-data';
import type { Cmi } from './cmi.rules';
import type { HacpRequest } from './hacp.rules';
import { isNoCredit, seedActivity, stateOf } from './player-seed';
import { numberOf, playerSettings, type Configuration } from './player-settings';
import type { RegistrationActivityRow, RegistrationRow } from './registrations.store';
import type { UnitSessionRow } from './unit-sessions.store';

/** What is to be kept in the unit session of what its content has said. */
interface Notes {
  /** Which of the activity's sessions it is. */
  attempt: number;
  /** What it told as its time, in seconds; 0: nothing. */
  told: number;
  /** What of the activity's time is this session's. */
  counted: number;
}

/** An activity within one of its sessions. */
export interface AiccSession extends Pick<RegistrationActivityRow, 'cmi' | 'seconds' | 'attempts' | 'session_open'> {
  notes: Notes;
}

export interface SessionParts {
  unit: UnitSessionRow;
  activity: Activity;
  registration: RegistrationRow;
  settings: Configuration;
  known: RegistrationActivityRow | undefined;
  /** Nobody has ended the session until now, or it goes on with its launch. */
  isOpen: boolean;
  now: Date;
}

/** What a request makes of the activity. The session begins with the first one, whatever it asks. Throws too-large. */
export function takeRequest({ command, data }: HacpRequest, parts: SessionParts): AiccSession {
  const session = begin(parts);
  const isCurrent = session.attempts === session.notes.attempt;
  const said = command === 'putparam' ? readPutParam(data) : undefined;
  const changed = change(command, data, said, session.cmi);
  const ends = command === 'exitau';
  // The next session has begun already: how it ends is not for this one to say.
  const exit = isCurrent ? exitOf(changed, ends) : session.cmi['cmi.core.exit'];
  const cmi = present({ ...changed, 'cmi.core.exit': exit }) as Cmi;
  refuseLong(cmi, session.cmi, parts.settings);
  return {
    ...session,
    ...count(session, said?.seconds, parts),
    cmi,
    session_open: isCurrent ? parts.isOpen && !ends : session.session_open,
  };
}

const isHeard = ({ heard_at }: UnitSessionRow): boolean => heard_at !== null;

function begin(parts: SessionParts): AiccSession {
  const { unit, known } = parts;
  const { cmi = {}, seconds = 0, attempts = 0, session_open = false } = known ?? {};
  if (isHeard(unit)) return { cmi, seconds, attempts, session_open, notes: unit.notes as unknown as Notes };
  const attempt = attempts + 1;
  const notes = { attempt, told: 0, counted: 0 };
  return { cmi: firstData(parts), seconds, attempts: attempt, session_open: true, notes };
}

/**
 * What a session begins with: what the unit left for its later use is given back to it whatever way it was left (CMI001 5.1), so that
 * how it was left only shows in the entry. Answers and comments are not: they were said.
 */
function firstData({ activity, known, registration, settings }: SessionParts): Cmi {
  const said = /^cmi\.(interactions|comments)/;
  const left = known && {
    ...stateOf(known),
    cmi: Object.fromEntries(Object.entries(known.cmi).filter(([element]) => !said.test(element))),
    // Content that ends says how; that it was taken away is as if it had been suspended.
    sessionOpen: known.cmi['cmi.core.exit'] === undefined,
  };
  const objectives = (activity.objectives ?? []).map(({ identifier }, index): [string, string] => [
    `cmi.objectives.${index}.id`,
    identifier,
  ]);
  return {
    'cmi.core.lesson_status': 'not attempted',
    ...(known ? {} : Object.fromEntries(objectives)),
    ...scorm12Data(seedActivity(activity), left, {
      learner: registration.learner,
      noCredit: isNoCredit(registration, settings),
      settings: { ...playerSettings(settings), resetRunTimeData: 'NEVER' },
    }),
  };
}

function change(command: HacpRequest['command'], data: string, said: PutParam | undefined, cmi: Cmi): Cmi {
  if (said) return keepObjectives(present({ ...cmi, ...said.values }) as Cmi, said.objectives);
  if (command === 'putinteractions') return addInteractions(cmi, data);
  if (command === 'putobjectives') return addObjectives(cmi, data);
  if (command === 'putcomments') return addComments(cmi, data);
  // Run-time data have no place for the path through a unit and for its performance.
  return cmi;
}

/** A normal end is said too: without a word the session was broken off. */
const exitOf = (cmi: Cmi, ends: boolean): string | undefined => cmi['cmi.core.exit'] ?? (ends ? '' : undefined);

/** Content tells the time of its session so far, which takes the place of what it told before; else it is the time since the opening. */
function count(
  { seconds, notes }: AiccSession,
  said: number | undefined,
  { unit, now }: SessionParts,
): Pick<AiccSession, 'seconds' | 'notes'> {
  const told = said ?? notes.told;
  const counted = told > 0 ? told : Math.max(0, (now.getTime() - unit.opened_at.getTime()) / 1000);
  return { seconds: Math.max(0, seconds - notes.counted) + counted, notes: { ...notes, told, counted } };
}

/** Characters of one element but the free texts, and of all. */
const maxValue = 4000;
const maxCharacters = 4 * 1024 * 1024;
const freeTexts = ['cmi.suspend_data', 'cmi.comments'];

function refuseLong(cmi: Cmi, before: Cmi, settings: Configuration): void {
  const maxText = numberOf(settings, 'PlayerSuspendDataMaxLength', 64_000) || maxCharacters;
  let all = 0;
  for (const [element, value] of Object.entries(cmi)) {
    all += value.length;
    const most = freeTexts.includes(element) ? maxText : maxValue;
    if (value.length > most && value !== before[element]) throw tooLarge(`${element} has up to ${most} characters.`);
  }
  if (all > maxCharacters) throw tooLarge(`An activity keeps up to ${maxCharacters} characters.`);
}
