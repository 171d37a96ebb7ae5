// One fault, done to the real product very often, and what has to hold afterwards.

export interface Experiment {
  /** As `npm run torture -- NAME` calls it; its result is results/NAME.json. */
  name: string;
  /** What is done to the product. */
  fault: string;
  /** What has to come of it. */
  demand: string;
  /** How often at full size, and of what. */
  size: number;
  unit: string;
  run(setting: Setting): Promise<Outcome>;
}

export interface Setting {
  size: number;
  seed: number;
  /** Empty, and deleted afterwards unless something failed. */
  folder: string;
  /** Once it is aborted, what was done so far is the result. */
  signal: AbortSignal;
  say(text: string): void;
}

export interface Outcome {
  /** How often it was done. */
  ran: number;
  /** How often what happened, in the words of the table: sums over runs. */
  seen: Record<string, number>;
  /** Sizes and times, in the words of the table: of several runs the largest is told. */
  most: Record<string, number>;
  /** What did not hold, a sentence each; none where all did. */
  failures: string[];
}

/** As it lies in results/: what the runs with different seeds found adds up. */
export interface Result extends Omit<Experiment, "run" | "size"> {
  /** How often at full size. */
  asked: number;
  runs: Run[];
}

export interface Run extends Outcome {
  seed: number;
  machine: string;
  cores: number;
  date: string;
  seconds: number;
}
