/** Which of what is kept for a while is needed no more. */
export interface Rules {
  /** The newest checkpoints of each run that stay. */
  checkpoints: number;
  /** Reference scores to which nothing was added for so long go. */
  cacheDays: number;
  /** Runs that ended so long ago go, with their curves; null: none. */
  runDays: number | null;
}

export const usualRules = { checkpoints: 1, cacheDays: 30, runDays: null } satisfies Rules;
