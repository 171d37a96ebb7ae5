// Attention by blocks of queries and keys, with the greatest score so far m and the sum ℓ of e^(score − m) (Dao et al. 2022, arXiv 2205.14135): neither
// scores nor a mask of all queries and keys are ever there. By the ops of native/attention.cc; the plain form is attention.ts.
import type { Sight } from "./attention";
import { nativeOp } from "./native";
import { fused } from "./ops";
import type { tf } from "./tensorflow";

interface Options {
  softCap?: number | undefined;
  /** Queries and keys whose scores are held at once. */
  blocks?: [queries: number, keys: number];
}
type Given = Options & Pick<Sight, "window">;

const attributes = ({ window, softCap = 0, blocks: [queries, keys] = [64, 192] }: Given) => ({
  window: { int: window ?? 2 ** 31 - 1 },
  query_block: { int: queries },
  key_block: { int: keys },
  soft_cap: { float: softCap },
});

const forward = nativeOp<Given>("WorkbenchAttention", (given, [q, , v]) => ({
  attributes: attributes(given),
  outputs: [
    { name: "y", shape: [...q!.slice(0, 3), v![3]!], dtype: "float32" },
    { name: "log_sums", shape: q!.slice(0, 3), dtype: "float32" },
  ],
}));

const backward = nativeOp<Given>("WorkbenchAttentionGradient", (given, shapes) => ({
  attributes: attributes(given),
  outputs: ["dq", "dk", "dv"].map((name, i) => ({ name, shape: shapes[i]!, dtype: "float32" })),
}));

/** As `attention` of attention.ts, of what queries see. Of one that sees nothing it is 0. → [B, H, T, E] */
export function blockedAttention(
  q: tf.Tensor4D,
  k: tf.Tensor4D,
  v: tf.Tensor4D,
  { queries, keys, window }: Sight,
  options: Options = {},
): tf.Tensor4D {
  const given = { ...options, window };
  return fused<tf.Tensor4D>(
    [q, k, v],
    (q, k, v) => {
      const [y, logSums] = forward([q!, k!, v!, queries, keys], given);
      return { value: y as tf.Tensor4D, saved: [queries, keys, y!, logSums!] };
    },
    (dy, [q, k, v], [queries, keys, y, logSums]) => backward([q!, k!, v!, queries!, keys!, dy, y!, logSums!], given),
  );
}
