import type { Database, Transaction } from '../database/connection';
import { countInteractions } from './cmi.rules';
import type { Completion, Score, Success } from './results.rules';

export interface Learner {
  id: string;
  name: string;
}

export interface RegistrationRow {
  id: string;
  application_id: string;
  /** The course's row, not the caller's id of it. */
  course_id: string;
  version_id: string;
  revision: number;
  kind: 'preview' | 'enrolled';
  /** Of the hub's learner; null for a preview. */
  learner_id: number | null;
  learner: Learner;
  current_activity: string | null;
  sequencing: string | null;
  completion: Completion;
  success: Success;
  score: Score;
  /** 0 to 1. */
  progress: number | null;
  seconds: number;
  /** When it first satisfied and was reported; never for a preview. */
  completed_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface RegistrationActivityRow {
  registration_id: string;
  activity_id: string;
  /** Run-time data by element: `cmi.core.lesson_status` and the like. */
  cmi: Record<string, string>;
  completion: Completion;
  success: Success;
  score: Score;
  progress: number | null;
  /** Of sessions that ended. */
  seconds: number;
  attempts: number;
  session_open: boolean;
  /** Of units of cmi5: when it was waived, and the reason that was given. */
  waived_at?: Date | null;
  waived_for?: string | null;
  updated_at: Date;
}

type NewRegistration = Pick<
  RegistrationRow,
  'id' | 'application_id' | 'course_id' | 'version_id' | 'revision' | 'kind' | 'learner_id' | 'learner'
>;

export async function insertRegistration(tx: Transaction, registration: NewRegistration): Promise<void> {
  await tx('registrations').insert({ ...registration, learner: JSON.stringify(registration.learner) });
}

export const findRegistration = (db: Database | Transaction, id: string): Promise<RegistrationRow | undefined> =>
  db<RegistrationRow>('registrations').where({ id }).first();

/** Of one learner and course. */
const maxRegistrations = 1000;

/** Registrations of a learner for one of these versions of a course, the newest; a learner has few. */
export const listLearnersRegistrations = (
  db: Database,
  { course, versions, learnerId }: { course: string; versions: readonly string[]; learnerId: string },
): Promise<string[]> =>
  db('registrations')
    .where({ course_id: course })
    .whereRaw("learner ->> 'id' = ?", [learnerId])
    .whereIn('version_id', [...versions])
    .orderBy('id', 'desc')
    .limit(maxRegistrations)
    .pluck<string[]>('id');

export const lockRegistration = (tx: Transaction, id: string): Promise<RegistrationRow | undefined> =>
  tx<RegistrationRow>('registrations').where({ id }).forUpdate().first();

/** The newest that a learner has of a course. The learner is locked, so that no other is made. */
export const findNewestOf = (
  tx: Transaction,
  learnerId: number,
  courseRow: string,
): Promise<Pick<RegistrationRow, 'id'> | undefined> =>
  tx('registrations').where({ learner_id: learnerId, course_id: courseRow }).orderBy('id', 'desc').first('id');

export const listActivities = (
  db: Database | Transaction,
  registrationId: string,
): Promise<RegistrationActivityRow[]> =>
  db<RegistrationActivityRow>('registration_activities').where({ registration_id: registrationId });

/** Whether a unit was waived, which begins a registration as its first launch does. */
export async function hasWaived(tx: Transaction, registrationId: string): Promise<boolean> {
  const row = await tx('registration_activities')
    .where({ registration_id: registrationId })
    .whereNotNull('waived_at')
    .first<object>('activity_id');
  return row !== undefined;
}

/** Writes an activity's row whole. The registration is locked. An attempt with fewer interactions takes none away. */
export async function upsertActivity(
  tx: Transaction,
  { cmi, ...row }: Omit<RegistrationActivityRow, 'updated_at'>,
): Promise<void> {
  const written = {
    ...row,
    cmi: JSON.stringify(cmi),
    interactions: countInteractions(cmi),
    updated_at: tx.fn.now(),
  };
  await tx('registration_activities')
    .insert(written)
    .onConflict(['registration_id', 'activity_id'])
    .merge({
      ...written,
      interactions: tx.raw('greatest(registration_activities.interactions, excluded.interactions)'),
    });
}

export type RegistrationResult = Pick<RegistrationRow, 'completion' | 'success' | 'score' | 'progress' | 'seconds'>;

export async function updateRegistration(
  tx: Transaction,
  id: string,
  changes: RegistrationResult & Partial<Pick<RegistrationRow, 'current_activity' | 'sequencing'>>,
): Promise<void> {
  await tx('registrations')
    .where({ id })
    .update({ ...changes, updated_at: tx.fn.now() });
}

export async function markCompleted(tx: Transaction, id: string, at: Date): Promise<void> {
  await tx('registrations').where({ id }).update({ completed_at: at });
}

/** Writes what a further launch of a registration begins with. */
export async function prepareRegistration(
  tx: Transaction,
  { id, learner, ...place }: Pick<RegistrationRow, 'id' | 'learner'> & RegistrationPlace,
): Promise<void> {
  await tx('registrations')
    .where({ id })
    .update({ ...place, learner: JSON.stringify(learner), updated_at: tx.fn.now() });
}

/** Of which content it is, and where in that the learner is. */
export type RegistrationPlace = Pick<RegistrationRow, 'version_id' | 'revision' | 'current_activity' | 'sequencing'>;
