// Sets of different weight in one epoch.
import { createRandom, permutation } from "../../common/random";
import type { Example } from "./dataset";

/**
 * An epoch's rows: those of a set of weight 2 twice, of a fraction as many as it says, chosen by the seed. Where all weights are 1 it is the
 * rows as they are.
 */
export function mixed<Row>(examples: Example<Row>[], seed: number): Example<Row>[] {
  if (examples.every(({ set }) => set === undefined)) return examples;
  const sets = [...new Set(examples.map(({ set }) => set))];
  return sets.flatMap((set, at) => {
    const rows = examples.filter((example) => example.set === set);
    const weight = set?.weight ?? 1;
    const whole = Math.floor(weight);
    const order = permutation(rows.length, createRandom(seed, "weight", at));
    const some = order.slice(0, Math.round((weight - whole) * rows.length)).sort((a, b) => a - b);
    return [...Array.from({ length: whole }, () => rows).flat(), ...some.map((at) => rows[at]!)];
  });
}
