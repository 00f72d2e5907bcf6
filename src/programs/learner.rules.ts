/** How many a request may name: learners to save, to enroll, members of a group. */
export const maxLearners = 10_000;

export interface LearnerNames {
  uid: string;
  email: string | null;
  first_name: string;
  last_name: string;
}

/** Whom a request means: by id where there is one, else by email, else by uid (both in either case), else by the short one. */
export interface LearnerRef {
  id?: number;
  email?: string;
  uid?: string;
  /** The last segment of a uid that is an IRI. */
  shortUid?: string;
}

/** Small letters without marks, so that `jose` finds José. */
export const foldText = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** As lists show it; the uid of one without a name. */
export const displayName = ({ first_name, last_name, uid }: Omit<LearnerNames, 'email'>): string =>
  `${first_name} ${last_name}`.trim() || uid;

/** What lists are sorted and searched by. */
export const listTexts = (learner: LearnerNames): { sort_name: string; search_text: string } => ({
  sort_name: foldText(displayName(learner)),
  search_text: [learner.first_name, learner.last_name, learner.uid, learner.email ?? ''].map(foldText).join('\n'),
});
