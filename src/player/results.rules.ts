import type { Result } from './browser/player-seed';

export type { Completion, Result, Success } from './browser/player-seed';
/** Scaled, -1 to 1; null where none was reported. */
export type Score = Result['score'];

export const noResult: Result = { completion: 'unknown', success: 'unknown', score: null, progress: null };
