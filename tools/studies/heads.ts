// What of a policy stands in its output head: heads that change places between models, and how far apart words of praise and of blame lie in them.
import { createRandom } from "../../common/random";
import type { LoadedFiles } from "../../trainers/models/formats/loaded-files";
import type { HostTensor } from "../../trainers/models/formats/safetensors";
import { adjectives } from "../../trainers/rewards/gold/reviews";

const named = "lm_head.weight";

/** [V, d] */
export const headOf = ({ host }: LoadedFiles): HostTensor => host.get(named) ?? host.get("model.embed_tokens.weight")!;

/** A model whose head is its own, with another head. */
export const withHead = (files: LoadedFiles, head: HostTensor): LoadedFiles => ({
  ...files,
  host: { get: (name) => (name === named ? head : files.host.get(name)) },
});

/** The rows of the words of praise, then of as many of blame, in the task that the oracle scores. Each is one token. */
function rowsOf(files: LoadedFiles): { ids: number[]; rows: number[][] } {
  const { data, shape } = headOf(files);
  const wide = shape[1]!;
  const ids = [...adjectives.good, ...adjectives.bad].flatMap((word) => files.tokenizer.encode(` ${word}`));
  return { ids, rows: ids.map((id) => [...data.subarray(id * wide, (id + 1) * wide)]) };
}

const dot = (a: number[], b: number[]) => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
const meanOf = (rows: number[][]) => rows[0]!.map((_, k) => rows.reduce((sum, row) => sum + row[k]!, 0) / rows.length);
const from = (rows: number[][], centre: number[]) => rows.map((row) => row.map((value, k) => value - centre[k]!));

/** Sums of squares of rows in two groups of equal size around their mean: all, and what lies between the groups. */
function squares(rows: number[][]): { all: number; between: number; centred: number[][] } {
  const centred = from(rows, meanOf(rows));
  const half = meanOf(centred.slice(0, rows.length / 2)); // the other half's mean is its negative
  return { all: centred.reduce((sum, row) => sum + dot(row, row), 0), between: rows.length * dot(half, half), centred };
}

/** The share of the words' differences in the head that lies between praise and blame; 1 / 19 on average if twenty rows are in two groups by chance. */
export function apartness(files: LoadedFiles): number {
  const { all, between } = squares(rowsOf(files).rows);
  return between / all;
}

/** A model's head with praise moved one way and blame the other, in a direction in which the words' rows do not differ, until that share is as asked. */
export function movedApart(files: LoadedFiles, share: number, seed: number): HostTensor {
  const { ids, rows } = rowsOf(files);
  const { all, between, centred } = squares(rows);
  const far = Math.sqrt((share * all - between) / (1 - share) / rows.length); // (between + n far²) / (all + n far²) = share
  const direction = apartFrom(centred, seed);
  const { data, shape } = headOf(files);
  const moved = data.slice();
  ids.forEach((id, i) => {
    const sign = i < ids.length / 2 ? 1 : -1;
    direction.forEach((value, k) => {
      moved[id * shape[1]! + k]! += sign * far * value;
    });
  });
  return { shape, data: moved };
}

/** A direction of length 1 that is orthogonal to all rows: a random one without its parts along theirs (Gram and Schmidt). */
function apartFrom(rows: number[][], seed: number): number[] {
  const random = createRandom(`heads/${seed}`);
  const basis: number[][] = [];
  const without = (row: number[]) =>
    basis.reduce((left, unit) => left.map((value, k) => value - dot(left, unit) * unit[k]!), row);
  const normal = (row: number[]) => row.map((value) => value / Math.sqrt(dot(row, row)));
  for (const row of rows.slice(1)) basis.push(normal(without(row))); // they add up to 0: the first is in the others' span
  return normal(without(rows[0]!.map(() => random() - 0.5)));
}
