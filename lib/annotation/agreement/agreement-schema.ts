// What the pages know of agreement.

/** A number with its 95 % interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

export interface RaterDto {
  id: number;
  name: string;
  judged: number;
  /** Median active time of a judgement. */
  seconds: number;
  /** Judgements of other people on the same pairs that say the same side; null where nobody else judged any. */
  agreement: (Estimate & { n: number }) | null;
  /** Probability of picking the better answer, as the agreement of all suggests (reliability.ts); null before any side was taken. */
  reliability: number | null;
  /** Votes on gold pairs that were right; null before any. */
  gold: (Estimate & { n: number }) | null;
  /** Votes on pairs seen again, sides swapped, that said the same; null before any. */
  mirror: (Estimate & { n: number }) | null;
  /** Preferred answers that stood left; half of them, where side does not matter. Of single answers those that are good. Null before any. */
  left: (Estimate & { n: number }) | null;
}

/** A model that judges records beside the people, and counts as none of them. */
export interface JudgeDto {
  id: number;
  name: string;
  /** Records that it has a vote on, ties among them. */
  judged: number;
  ties: number;
  /** People's votes on the same records that say the same; null where nobody else voted on any. */
  agreement: (Estimate & { n: number }) | null;
  /** Probability of picking the better answer, where it picks one, as it agrees with people (reliability.ts); null before any side was taken. */
  reliability: Estimate | null;
  /** Votes on gold records that were right; null before any. */
  gold: (Estimate & { n: number }) | null;
  /** Records on which it said the same in both orders. */
  consistency: (Estimate & { n: number }) | null;
  /** Preferences, of both orders, for the response that was shown first; half of them, where order does not matter. */
  left: (Estimate & { n: number }) | null;
  /** Dollars, those of votes that it took back too. */
  cost: number;
}

export interface AgreementDto {
  raters: RaterDto[];
  judges: JudgeDto[];
  /** Pairs that two or more people judged, skips left out. */
  shared: number;
  /** Null while fewer than `leastShared` pairs are. */
  measures: {
    percent: Estimate;
    alphaSide: Estimate;
    alphaStrength: Estimate;
    /** Where two people judged all of them; Fleiss' where more did, equally many each pair. */
    kappa: (Estimate & { kind: "Cohen" | "Fleiss" }) | null;
  } | null;
}

/** Pairs judged by two or more people below which a statistic says too little to be shown. */
export const leastShared = 20;
