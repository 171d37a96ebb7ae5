// Starts from the base's own matrices: PiSSA (Meng et al. 2024, arXiv 2404.02948) and OLoRA (Büyükakyüz 2024, arXiv 2406.01775). PEFT takes
// s · B₀ A₀ out of the base; here the base stays, and with it the reference: y = x Wᵀ + s · x (B A − B₀ A₀)ᵀ with A₀, B₀ frozen.
import type { LoraOptions } from "../../../spec/adapters/lora";
import type { AdapterWeights, Tuner } from "../../engine/adapter";
import { leadingSingularValues, orthogonal, singularValues } from "../../engine/factorise";
import { tf } from "../../engine/tensorflow";

export const [A, B] = [".lora_A.weight", ".lora_B.weight"];

export interface FromBase {
  kind: Exclude<LoraOptions["start"], "zero">;
  /** Of PiSSA by a random projection; null: by the singular values themselves. */
  iterations: number | null;
}

/** A₀ [r, in] and B₀ [out, r] of a layer, whose update is `scale` · B A (peft 0.21, tuners/lora/layer.py pissa_init, olora_init). */
export function startOf(
  { kind, iterations }: FromBase,
  w: tf.Tensor2D, // [out, in]
  { rank, scale }: { rank: number; scale: number },
  random: () => number,
): [a: tf.Tensor2D, b: tf.Tensor2D] {
  if (kind === "olora") {
    const { q, r } = orthogonal(w);
    return [r.slice([0, 0], [rank, -1]), q.slice([0, 0], [-1, rank])];
  }
  const { u, s, v } =
    iterations === null ? singularValues(w) : leadingSingularValues(w, { count: rank, iterations, random });
  const roots = s.slice(0, rank).div(scale).sqrt(); // [r]
  const first = (vectors: tf.Tensor2D) => vectors.slice([0, 0], [-1, rank]).mul<tf.Tensor2D>(roots);
  return [tf.transpose(first(v)), first(u)];
}

/** `plain`, with its update counted from where `start` has it. PEFT reads no frozen start: saved is a LoRA of twice the rank, [B, B₀] [A; −A₀] (peft 0.21, subtract_mutated_init). */
export function relativeTo(start: AdapterWeights, plain: Tuner): Tuner {
  // Copies: a recorded graph takes two tensors that share their numbers for one.
  const frozen = new Map(
    [...start].map(([name, tensor]) => [name, tf.variable(tf.tensor(tensor.dataSync(), tensor.shape), false)]),
  );
  const change: Tuner["change"] = (weights, module) => {
    const [now, before] = [weights, frozen].map((of) => plain.change(of, module));
    if (!now || !before || !("lowRank" in now) || !("lowRank" in before)) return null;
    const [{ a, b }, { a: a0, b: b0 }] = [now.lowRank, before.lowRank];
    // B A − B₀ A₀ = [B − B₀, B₀] [A; A − A₀]: exactly 0 at the start, in bfloat16 too
    return { lowRank: { a: tf.concat2d([a, a.sub(a0)], 0), b: tf.concat2d([b.sub(b0), b0], 1) } }; // [2r, in], [out, 2r]
  };
  return {
    ...plain,
    config: doubled(plain.config),
    startsAtZeroGradient: () => false,
    change,
    merged(weights, name, base) {
      const made = name.endsWith(".weight") ? change(weights, name.replace(/\.weight$/, "")) : null;
      return made && "lowRank" in made ? base.add(tf.matMul(made.lowRank.b, made.lowRank.a)) : null;
    },
    saved: (weights) =>
      new Map(
        [...weights].map(([name, tensor]) => {
          const first = frozen.get(name);
          if (!first) return [name, tensor]; // a reward model's head
          return [name, name.endsWith(A) ? tf.concat([tensor, first]) : tf.concat([tensor, first.neg()], 1)];
        }),
      ),
    restored: (saved) =>
      new Map(
        [...saved].map(([name, tensor]) => {
          const first = frozen.get(name);
          if (!first) return [name, tensor];
          const [trained, other] = tf.split(tensor, 2, name.endsWith(A) ? 0 : 1) as [tf.Tensor, tf.Tensor];
          const before = name.endsWith(A) ? other : other.neg();
          // A run that goes back to a checkpoint has it already, and its graphs hold on to it.
          if (!tf.equal(before, first).all().dataSync()[0]) first.assign(before as tf.Tensor);
          return [name, trained];
        }),
      ),
  };
}

/** Twice the rank at the same scale: α / r, and α / √r where it is rank-stabilised. */
function doubled(config: Tuner["config"]): Tuner["config"] {
  const by = (factor: number) => (pattern: unknown) =>
    Object.fromEntries(Object.entries((pattern ?? {}) as Record<string, number>).map(([key, x]) => [key, factor * x]));
  const [ranks, alphas] = [by(2), by(config.use_rslora ? Math.SQRT2 : 2)];
  const { r, lora_alpha } = { ...ranks({ r: config.r }), ...alphas({ lora_alpha: config.lora_alpha }) };
  return {
    ...{ ...config, r, lora_alpha },
    ...{ rank_pattern: ranks(config.rank_pattern), alpha_pattern: alphas(config.alpha_pattern) },
  };
}
