// How far each annotator can be trusted, from how they agree, and with it how sure each pair's label is: Dawid and Skene 1979 with one
// number an annotator, since sides are by chance. Fitted by expectation-maximisation to the largest posterior.

/** One annotator's side of one pair. */
export interface Vote {
  item: number;
  annotator: number;
  /** For the first answer, else for the second. */
  first: boolean;
}

export interface Reliability {
  /** Probability that an annotator picks the better answer. */
  accuracy: Map<number, number>;
  /** Probability that the first answer is the better one, by item. */
  first: Map<number, number>;
}

/**
 * What an annotator is taken for before anything is known: Beta(4, 2), most likely right three times in four, as people are who compare
 * answers (63 to 77 % of them agree). With it two annotators who never met are no oracles.
 */
export const prior = { right: 4, wrong: 2 };

/** Stops once no accuracy moves by 1e-10. Votes of an item must be of different annotators. */
export function reliability(votes: Vote[]): Reliability {
  const unknown = (prior.right - 1) / (prior.right + prior.wrong - 2);
  let accuracy = new Map(votes.map(({ annotator }) => [annotator, unknown]));
  for (let round = 0; round < 1000; round++) {
    const next = likeliest(votes, posterior(votes, accuracy));
    const moved = Math.max(0, ...[...next].map(([person, a]) => Math.abs(a - accuracy.get(person)!)));
    accuracy = next;
    if (moved < 1e-10) break;
  }
  return { accuracy, first: posterior(votes, accuracy) };
}

/** Of each annotator the mode of Beta(right + expected hits, wrong + expected misses). */
function likeliest(votes: Vote[], first: Map<number, number>): Map<number, number> {
  const { right, wrong } = prior;
  const seen = new Map<number, { hits: number; votes: number }>();
  for (const { item, annotator, first: says } of votes) {
    const own = seen.get(annotator) ?? { hits: 0, votes: 0 };
    own.hits += says ? first.get(item)! : 1 - first.get(item)!;
    own.votes++;
    seen.set(annotator, own);
  }
  return new Map(
    [...seen].map(([person, { hits, votes }]) => [person, (hits + right - 1) / (votes + right + wrong - 2)]),
  );
}

/** P(first is better) = σ(Σ ± log a/(1 − a)), either side as likely before any vote. */
function posterior(votes: Vote[], accuracy: Map<number, number>): Map<number, number> {
  const odds = new Map<number, number>();
  for (const { item, annotator, first } of votes) {
    const a = accuracy.get(annotator)!;
    odds.set(item, (odds.get(item) ?? 0) + (first ? 1 : -1) * Math.log(a / (1 - a)));
  }
  return new Map([...odds].map(([item, log]) => [item, 1 / (1 + Math.exp(-log))]));
}
