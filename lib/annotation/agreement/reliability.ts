// How far each annotator can be trusted, from how they agree, and with it how sure each pair's label is: Dawid and Skene 1979 with one
// number an annotator, since sides are by chance. Fitted by expectation-maximisation to the largest posterior.
import { groupBy } from "../../../common/group-by";

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
  const groups = alike(votes);
  const unknown = (prior.right - 1) / (prior.right + prior.wrong - 2);
  let accuracy = new Map(votes.map(({ annotator }) => [annotator, unknown]));
  for (let round = 0; round < 1000; round++) {
    const next = likeliest(groups, accuracy);
    const moved = Math.max(0, ...[...next].map(([person, a]) => Math.abs(a - accuracy.get(person)!)));
    accuracy = next;
    if (moved < 1e-10) break;
  }
  return { accuracy, first: posterior(groups, accuracy) };
}

/** Items on which the same annotators voted, and took the same side as the first of them or the other one: all have one posterior. */
export interface Alike {
  people: { annotator: number; withFirst: boolean }[];
  /** Items whose first annotator is for the first answer, and for the second. */
  forFirst: number[];
  forSecond: number[];
}

/** Fifty thousand votes by a few dozen people are a few hundred kinds of items, and each round goes through these alone. */
export function alike(votes: Vote[]): Alike[] {
  const byItem = groupBy(votes, ({ item }) => item);
  const groups = new Map<string, Alike>();
  for (const [item, given] of byItem) {
    given.sort((a, b) => a.annotator - b.annotator);
    const { first } = given[0]!;
    const key = given.map((vote) => `${vote.annotator}${vote.first === first ? "+" : "-"}`).join("");
    let group = groups.get(key);
    if (!group) {
      const people = given.map((vote) => ({ annotator: vote.annotator, withFirst: vote.first === first }));
      group = { people, forFirst: [], forSecond: [] };
      groups.set(key, group);
    }
    (first ? group.forFirst : group.forSecond).push(item);
  }
  return [...groups.values()];
}

/** Of each annotator the mode of Beta(right + expected hits, wrong + expected misses). */
function likeliest(groups: Alike[], accuracy: Map<number, number>): Map<number, number> {
  const { right, wrong } = prior;
  return new Map(
    [...expected(groups, accuracy)].map(([person, { hits, votes }]) => [
      person,
      (hits + right - 1) / (votes + right + wrong - 2),
    ]),
  );
}

/** Votes of each annotator, and how many of them are for the better answer, as far as these accuracies tell which that is. */
export function expected(
  groups: Alike[],
  accuracy: ReadonlyMap<number, number>,
): Map<number, { hits: number; votes: number }> {
  const seen = new Map<number, { hits: number; votes: number }>();
  for (const { people, forFirst, forSecond } of groups) {
    const items = forFirst.length + forSecond.length;
    const p = sideOfFirst(people, accuracy);
    for (const { annotator, withFirst } of people) {
      const own = seen.get(annotator) ?? { hits: 0, votes: 0 };
      own.hits += items * (withFirst ? p : 1 - p);
      own.votes += items;
      seen.set(annotator, own);
    }
  }
  return seen;
}

/** By item the probability that the first answer is the better one. */
const posterior = (groups: Alike[], accuracy: Map<number, number>): Map<number, number> =>
  new Map(
    groups.flatMap(({ people, forFirst, forSecond }) => {
      const p = sideOfFirst(people, accuracy);
      return [...forFirst.map((item) => [item, p] as const), ...forSecond.map((item) => [item, 1 - p] as const)];
    }),
  );

/** P(the side of the first of them is the better one) = σ(Σ ± log a/(1 − a)), either side as likely before any vote. */
function sideOfFirst(people: Alike["people"], accuracy: ReadonlyMap<number, number>): number {
  let odds = 0;
  for (const { annotator, withFirst } of people) {
    const a = accuracy.get(annotator)!;
    odds += (withFirst ? 1 : -1) * Math.log(a / (1 - a));
  }
  return 1 / (1 + Math.exp(-odds));
}
