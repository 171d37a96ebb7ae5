// Plackett (1975) and Luce (1959): a ranking picks the best of the remaining answers again and again, each time with probability softmax(scores).
// With scores β log π/π_ref it is DPO on whole rankings (Rafailov et al. 2023, arXiv 2305.18290, equation 20); two answers give equation 7.
import { tf } from "../../engine/tensorflow";

/** A ranking as the sets of answers that are left before each pick; of tied answers every order counts alike. */
export interface Remaining {
  /** 1 where an answer is in the set. */
  members: number[]; // [n]
  /** Share of the orders in which the set occurs. */
  share: number;
}

/** The sets of a ranking: `ranks[i]` is answer i's, least is best, equal is tied. */
export function remainingSets(ranks: number[]): Remaining[] {
  const levels = [...new Set(ranks)];
  return levels.flatMap((level) => {
    const tied = ranks.flatMap((rank, i) => (rank === level ? [i] : []));
    const worse = ranks.map((rank) => (rank > level ? 1 : 0));
    return subsets(tied).map((left) => ({
      members: worse.map((member, i) => (left.includes(i) ? 1 : member)),
      share: 1 / binomial(tied.length, left.length),
    }));
  });
}

/** All subsets but the empty one. */
const subsets = (items: number[]): number[][] =>
  Array.from({ length: 2 ** items.length - 1 }, (_, i) => items.filter((_, bit) => ((i + 1) >> bit) & 1));

const binomial = (n: number, k: number): number => (k === 0 ? 1 : (binomial(n - 1, k - 1) * n) / k);

/**
 * −log of the probability of a ranking, a mean over the orders that its ties allow: Σ_S share(S) log Σ_{i ∈ S} e^{s_i} − Σ_i s_i.
 * scores [B, n], members [B, S, n], shares [B, S] (0 for sets that only pad) → [B]
 */
export function plackettLuceLosses(scores: tf.Tensor2D, members: tf.Tensor3D, shares: tf.Tensor2D): tf.Tensor1D {
  const left = scores.expandDims(1).add(members.sub(1).mul(1e9)); // [B, S, n], −1e9 where picked already
  const normalizers = tf.logSumExp(left, -1).mul(shares).sum(1); // [B]
  return normalizers.sub(scores.sum(1));
}
