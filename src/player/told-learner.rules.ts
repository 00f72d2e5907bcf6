import type { Learner } from './registrations.store';

export interface LearnerToTell {
  uid: string;
  first_name: string;
  last_name: string;
}

/** A learner as content is told: the family name comes first (SCORM 1.2 RTE 3.4.4, cmi.core.student_name). */
export const toldLearner = ({ uid, first_name, last_name }: LearnerToTell): Learner => ({
  id: uid,
  name: [last_name, first_name].filter(Boolean).join(', ') || uid,
});
