// How far an annotator's reliability is known: Laplace's approximation of the posterior around its peak, in logits, so that the interval stays
// between 0 and 1. What is not known of the others' reliability and of the labels is in it.
import jstat from "jstat";
import type { Estimate } from "./agreement-schema";
import { alike, expected, prior, reliability, type Vote } from "./reliability";

const logit = (a: number) => Math.log(a / (1 - a));
const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const z = 1.959964;
const apart = 1e-4;

/** With its 95 % interval; null where they never took a side. */
export function reliabilityInterval(votes: Vote[], annotator: number): Estimate | null {
  const { accuracy } = reliability(votes);
  const value = accuracy.get(annotator);
  if (value === undefined) return null;
  const groups = alike(votes);
  const people = [...accuracy.keys()];
  const peak = people.map((person) => logit(accuracy.get(person)!));
  // Fisher's identity: the gradient of log p(a | votes) is that of the expected complete log posterior, E[hits] and E[misses] in place of counts
  const gradient = (at: number[]): number[] => {
    const accuracies = new Map(people.map((person, i) => [person, logistic(at[i]!)]));
    const seen = expected(groups, accuracies);
    return people.map((person) => {
      const [a, { hits, votes }] = [accuracies.get(person)!, seen.get(person)!];
      return (hits + prior.right - 1) * (1 - a) - (votes - hits + prior.wrong - 1) * a;
    });
  };
  const information = people.map((_, i) => {
    const moved = (by: number) => gradient(peak.map((x, j) => (j === i ? x + by : x)));
    const [above, below] = [moved(apart), moved(-apart)];
    return people.map((_, j) => (below[j]! - above[j]!) / (2 * apart));
  });
  const own = people.indexOf(annotator);
  const half = z * Math.sqrt(jstat.inv(information)[own]![own]!);
  return { value, low: logistic(peak[own]! - half), high: logistic(peak[own]! + half) };
}
