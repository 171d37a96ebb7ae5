import { expect, test } from "vitest";
import { createRandom } from "../../../common/random";
import { sum } from "../../../spec/statistics";
import { alike, prior, reliability, type Vote } from "./reliability";

/** Annotators 0, 1, … of these accuracies judge every pair; the first answer is the better one of even pairs. */
function simulated(accuracies: number[], pairs: number): Vote[] {
  const random = createRandom("reliability", accuracies.join(), pairs);
  return Array.from({ length: pairs }, (_, item) =>
    accuracies.map((a, annotator) => ({ item, annotator, first: (item % 2 === 0) === random() < a })),
  ).flat();
}

/** log of prior × likelihood, with the labels summed out: what expectation-maximisation climbs. */
function logPosterior(votes: Vote[], accuracy: Map<number, number>): number {
  const items = [...new Set(votes.map(({ item }) => item))];
  const likelihood = items.map((item) => {
    const given = (first: boolean) =>
      votes
        .filter((vote) => vote.item === item)
        .reduce(
          (product, vote) =>
            product * (vote.first === first ? accuracy.get(vote.annotator)! : 1 - accuracy.get(vote.annotator)!),
          0.5,
        );
    return Math.log(given(true) + given(false));
  });
  const before = [...accuracy.values()].map(
    (a) => (prior.right - 1) * Math.log(a) + (prior.wrong - 1) * Math.log(1 - a),
  );
  return sum(likelihood) + sum(before);
}

test("what it finds is a peak of the posterior: level in every direction, lower beside", () => {
  const votes = simulated([0.9, 0.7, 0.8, 0.6], 60);
  const { accuracy } = reliability(votes);
  const peak = logPosterior(votes, accuracy);
  for (const person of accuracy.keys()) {
    const at = (moved: number) => logPosterior(votes, new Map(accuracy).set(person, accuracy.get(person)! + moved));
    expect((at(1e-4) - at(-1e-4)) / 2e-4).toBeCloseTo(0, 3);
    expect(Math.max(at(0.02), at(-0.02))).toBeLessThan(peak);
  }
});

test("finds accuracies, a saboteur among them, and labels that beat the majority", () => {
  const truth = [0.95, 0.65, 0.6, 0.6, 0.2];
  const votes = simulated(truth, 2000);
  const { accuracy, first } = reliability(votes);
  for (const [person, a] of truth.entries()) expect(accuracy.get(person)).toBeCloseTo(a, 1);
  const right = (says: (item: number) => boolean) =>
    [...first.keys()].filter((item) => says(item) === (item % 2 === 0)).length / first.size;
  const majority = (item: number) =>
    sum(votes.filter((vote) => vote.item === item).map((vote) => (vote.first ? 1 : -1))) > 0;
  const ours = right((item) => first.get(item)! > 0.5);
  expect(ours).toBeGreaterThan(0.94);
  expect(ours).toBeGreaterThan(right(majority) + 0.1);
  // Its probabilities are honest: of labels said to be right with probability p, a share of p is.
  const sure = [...first.values()].map((p) => Math.max(p, 1 - p));
  expect(sum(sure) / sure.length).toBeCloseTo(ours, 1);
});

test("one annotator alone is as good as the prior says, whatever they do", () => {
  const { accuracy, first } = reliability([0, 1, 2, 3].map((item) => ({ item, annotator: 7, first: item > 0 })));
  expect(accuracy.get(7)).toBeCloseTo(0.75, 6);
  expect(first.get(0)).toBeCloseTo(0.25, 6);
  expect(first.get(1)).toBeCloseTo(0.75, 6);
});

test("P4: votes of many people on many pairs are few kinds of pairs, and go through them what going through each vote finds", () => {
  const random = createRandom("alike");
  const votes = Array.from({ length: 400 }, (_, item) =>
    [0, 1, 2, 3].filter(() => random() < 0.5).map((annotator) => ({ item, annotator, first: random() < 0.6 })),
  ).flat();
  expect(alike(votes).length).toBeLessThanOrEqual(4 + 6 * 2 + 4 * 4 + 8); // who voted, and who of them was with the first
  // one round at a time over the votes themselves, to the same end
  let accuracy = new Map([0, 1, 2, 3].map((person) => [person, 0.75]));
  let first = new Map<number, number>();
  for (let round = 0; round < 500; round++) {
    const odds = new Map<number, number>();
    for (const { item, annotator, first: says } of votes) {
      const a = accuracy.get(annotator)!;
      odds.set(item, (odds.get(item) ?? 0) + (says ? 1 : -1) * Math.log(a / (1 - a)));
    }
    first = new Map([...odds].map(([item, log]) => [item, 1 / (1 + Math.exp(-log))]));
    accuracy = new Map(
      [...accuracy.keys()].map((person) => {
        const own = votes.filter(({ annotator }) => annotator === person);
        const hits = sum(own.map(({ item, first: says }) => (says ? first.get(item)! : 1 - first.get(item)!)));
        return [person, (hits + prior.right - 1) / (own.length + prior.right + prior.wrong - 2)];
      }),
    );
  }
  const found = reliability(votes);
  for (const [person, a] of accuracy) expect(found.accuracy.get(person)).toBeCloseTo(a, 8);
  expect(found.first.size).toBe(first.size);
  for (const [item, p] of first) expect(found.first.get(item)).toBeCloseTo(p, 8);
});
