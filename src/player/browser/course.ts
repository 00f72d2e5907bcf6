import type { Activities } from './activities';
import type { Communication, Whereabouts } from './communication';
import type { PlayerSeed, SeedActivity } from './player-seed';
import type { Stage } from './stage';

/** What the player's buttons ask for. */
export type Request = { kind: 'next' | 'previous' } | { kind: 'choice'; id: string };

/** How a course is moved through: freely, or by SCORM 2004's sequencing. */
export interface Course {
  /** What is open. */
  readonly current: SeedActivity | undefined;
  start: () => void;
  may: (request: Request) => boolean;
  go: (request: Request) => Promise<void>;
  /** Takes the open item away without opening another. */
  closeItem: () => Promise<void>;
  /** Ends what is open, because the learner leaves: to go on another time, or for good. */
  end: (how: 'suspend' | 'exit') => Promise<void>;
  /** Takes note of the open item's data. */
  save: () => void;
  /** The page goes away this moment. */
  vanish: () => void;
  whereabouts: () => Whereabouts;
}

/** What a course is given by the page around it. */
export interface Surroundings {
  seed: PlayerSeed;
  activities: Activities;
  stage: Stage;
  communication: Communication;
  /** Something moved: the page shows it. */
  moved: () => void;
  /** The course ends. */
  leave: (how: 'suspend' | 'exit') => void;
  /** Asks the learner; the answer is one of the labels, undefined when the question was put away. */
  ask: (question: string, labels: readonly string[]) => Promise<string | undefined>;
}
