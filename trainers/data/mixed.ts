// Sets of different weight in one epoch.
import { createRandom, permutation } from "../../common/random";
import type { Example } from "./dataset";

/**
 * An epoch's rows: those of a set of weight 2 twice, of a fraction as many as it says, chosen by the seed. Where all weights are 1 it is the
 * rows as they are.
 */
export function mixed<Row>(examples: Example<Row>[], seed: number): Example<Row>[] {
  if (examples.every(({ weight = 1 }) => weight === 1)) return examples;
  return stretchesOf(examples).flatMap(({ weight, rows }, set) => {
    const whole = Math.floor(weight);
    const order = permutation(rows.length, createRandom(seed, "weight", set));
    const some = order.slice(0, Math.round((weight - whole) * rows.length)).sort((a, b) => a - b);
    return [...Array.from({ length: whole }, () => rows).flat(), ...some.map((at) => rows[at]!)];
  });
}

/** Rows of one weight that follow each other. */
function stretchesOf<Row>(examples: Example<Row>[]): { weight: number; rows: Example<Row>[] }[] {
  const stretches: { weight: number; rows: Example<Row>[] }[] = [];
  for (const example of examples) {
    const weight = example.weight ?? 1;
    const last = stretches.at(-1);
    if (last?.weight === weight) last.rows.push(example);
    else stretches.push({ weight, rows: [example] });
  }
  return stretches;
}
