// Sets of different weight, mixed anew in each epoch.
import { createRandom, permutation } from "../../common/random";
import type { Example } from "./dataset";
import type { Rows } from "./epochs";

/**
 * Rows by the weights of their sets: those of a set of weight 2 come twice in an epoch; of weight 0.5 a half of them, in the next epoch the
 * other half. Where all weights are 1 it is the rows as they are.
 */
export function mixed<Row>(examples: Example<Row>[], seed: number): Rows<Example<Row>> {
  if (examples.every(({ set }) => (set?.weight ?? 1) === 1)) return examples;
  const draws = bySet(examples).map((rows, set) => drawFrom(rows, rows[0]?.set?.weight ?? 1, seed, set));
  const drawn = (epoch: number) => draws.flatMap((draw) => draw(epoch));
  let last = { epoch: 0, rows: drawn(0) };
  return {
    length: last.rows.length,
    of(epoch) {
      if (epoch !== last.epoch) last = { epoch, rows: drawn(epoch) };
      return last.rows;
    },
  };
}

/** The fraction goes round in an order that the seed gives, so that every row has come before the first comes again. */
function drawFrom<Row>(rows: Row[], weight: number, seed: number, set: number): (epoch: number) => Row[] {
  const whole = Math.floor(weight);
  const part = Math.round((weight - whole) * rows.length);
  const size = whole === 0 ? Math.max(1, part) : part;
  const order = permutation(rows.length, createRandom(seed, "weight", set));
  return (epoch) => {
    const some = Array.from({ length: size }, (_, i) => order[(epoch * size + i) % rows.length]!).sort((a, b) => a - b);
    return [...Array.from({ length: whole }, () => rows).flat(), ...some.map((at) => rows[at]!)];
  };
}

/** The rows of each set, in the order of the sets. */
export function bySet<Row>(examples: Example<Row>[]): Example<Row>[][] {
  const sets = new Map<Example<Row>["set"], Example<Row>[]>();
  for (const example of examples) {
    const rows = sets.get(example.set);
    if (rows) rows.push(example);
    else sets.set(example.set, [example]);
  }
  return [...sets.values()];
}
