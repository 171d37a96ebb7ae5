// LoRA adapters of one base made into one, by the rules of PEFT's `add_weighted_adapter` (peft 0.21, utils/merge_utils.py).
import { createRandom } from "../../../common/random";
import type { CombinationMethod } from "../../../spec/combinations";
import type { Adapter, Tuner } from "../../engine/adapter";
import { tf } from "../../engine/tensorflow";
import { ranksOf } from "./lora";

interface Part {
  adapter: Adapter;
  weight: number;
}
export interface Combination {
  method: CombinationMethod;
  /** The share of numbers that pruning leaves: of the largest, with dare_ of any. */
  density: number;
  seed: number;
}

/** The update of the combined adapter is about Σ weight · scale · B A. `tunerOf` makes the tuner of the new adapter_config.json. */
export function combineLora(
  parts: Part[],
  { method, density, seed }: Combination,
  tunerOf: (config: Record<string, unknown>) => Tuner,
): Adapter {
  const other = parts.find(({ adapter }) => adapter.tuner.config.peft_type !== "LORA");
  if (other)
    throw new Error(
      `one of the adapters is of peft_type "${other.adapter.tuner.config.peft_type}", and only "LORA" is combined; merge it into its base instead`,
    );
  if (parts.some(({ adapter }) => adapter.tuner.config.use_dora))
    throw new Error(
      "one of the adapters is a DoRA, whose magnitudes are not of the sum; merge it into its base instead",
    );
  if (parts.some(({ adapter }) => adapter.tuner.config.target_parameters))
    throw new Error(
      "one of the adapters is on a mixture's experts, which are not combined, in PEFT neither; merge it into its base instead",
    );
  const whole = parts.find(({ adapter }) => adapter.tuner.replaces);
  if (whole)
    throw new Error(
      `one of the adapters has modules that were trained whole (${whole.adapter.tuner.config.modules_to_save}), which are no low-rank updates; merge it into its base instead`,
    );
  const layers = parts.map(({ adapter }) => ranksOf(adapter.tuner));
  const [ranks, modules] = [layers.map(oneRank), [...layers[0]!.keys()]];
  const lonely = layers.flatMap((one) => [...one.keys()]).find((module) => layers.some((other) => !other.has(module)));
  if (lonely)
    throw new Error(
      `the adapters change different layers: not all of them change ${lonely}; combine such as were trained with the same targets`,
    );
  if (method !== "cat" && new Set(ranks).size > 1)
    throw new Error(`the adapters have the ranks ${ranks.join(", ")}; "${method}" needs one rank, "cat" does not`);
  const rank = method === "cat" ? ranks.reduce((sum, one) => sum + one, 0) : ranks[0]!;
  const { rank_pattern: _, alpha_pattern: __, ...config } = parts[0]!.adapter.tuner.config;
  const random = createRandom(seed, "combine-adapters");
  const tensors = modules.flatMap((module): [string, tf.Tensor2D][] => {
    const [a, b] = [`${module}.lora_A.weight`, `${module}.lora_B.weight`];
    const of = (name: string) => parts.map(({ adapter }) => adapter.weights.get(name) as tf.Tensor2D);
    const shares = parts.map(({ weight }, i) => weight * layers[i]!.get(module)!.scale);
    return tf.tidy(() => {
      if (method === "cat")
        return [
          [a, tf.concat(of(a).map((matrix, i) => matrix.mul<tf.Tensor2D>(shares[i]!)))], // [Σ r, in]
          [b, tf.concat(of(b), 1)], // [out, Σ r]
        ];
      const roots = shares.map((share) => Math.sqrt(Math.abs(share))); // half of each share in A, half in B
      const signed = roots.map((root, i) => Math.sign(shares[i]!) * root);
      const made = (name: string, weights: number[]) => combined(of(name), weights, { method, density, random });
      return [
        [a, made(a, signed)],
        [b, made(b, roots)],
      ];
    });
  });
  return {
    tuner: tunerOf({ ...config, r: rank, lora_alpha: rank, use_rslora: false }),
    weights: new Map(tensors),
  };
}

function oneRank(layers: ReturnType<typeof ranksOf>): number {
  const ranks = new Set([...layers.values()].map(({ rank }) => rank));
  if (ranks.size > 1)
    throw new Error(
      `an adapter has layers of the ranks ${[...ranks].join(", ")}; only adapters of one rank are combined`,
    );
  return [...ranks][0]!;
}

type Pruning = Pick<Combination, "method" | "density"> & { random: () => number };

/** Matrices of one name into one of the same shape. */
function combined(matrices: tf.Tensor2D[], weights: number[], { method, density, random }: Pruning): tf.Tensor2D {
  const pruned = matrices.map((matrix) => {
    if (method === "linear" || density >= 1) return matrix;
    return method.startsWith("dare") ? dropped(matrix, density, random) : largest(matrix, density);
  });
  const weighted = tf.stack(pruned.map((matrix, i) => matrix.mul(weights[i]!))); // [adapter, rows, columns]
  if (!method.endsWith("ties")) return weighted.sum(0);
  const all = tf.stack(pruned);
  const elected = tf.where(all.sum(0).greaterEqual(0), tf.scalar(1), tf.scalar(-1)); // TIES (Yadav et al. 2023, arXiv 2306.01708): the sign of the larger mass
  const agrees = all.sign().equal(elected).cast("float32");
  return weighted.mul(agrees).sum(0).div<tf.Tensor2D>(agrees.sum(0).maximum(1)); // the mean of those that agree
}

/** The ⌊density · n⌋ numbers that are farthest from 0. */
function largest(matrix: tf.Tensor2D, density: number): tf.Tensor2D {
  const values = matrix.dataSync();
  const order = Array.from(values.keys()).sort((i, j) => Math.abs(values[j]!) - Math.abs(values[i]!));
  const kept = new Float32Array(values.length);
  for (const i of order.slice(0, Math.floor(density * values.length))) kept[i] = values[i]!;
  return tf.tensor2d(kept, matrix.shape);
}

/** DARE (Yu et al. 2023, arXiv 2311.03099): numbers are dropped by chance, and those that stay are as much larger. */
function dropped(matrix: tf.Tensor2D, density: number, random: () => number): tf.Tensor2D {
  const kept = matrix.dataSync().map((value) => (random() < density ? value / density : 0));
  return tf.tensor2d(kept as Float32Array, matrix.shape);
}
