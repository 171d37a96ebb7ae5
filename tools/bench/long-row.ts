// A process of `npm run bench -- long-rows`, whose peak memory is its own: `long-row.ts WAY TOKENS` prints one JSON object.
import { readFileSync } from "node:fs";
import { attention, biasOf } from "../../trainers/engine/attention";
import { blockedAttention } from "../../trainers/engine/blocked-attention";
import { compile, free } from "../../trainers/engine/jit/compile";
import { native } from "../../trainers/engine/native";
import { tf } from "../../trainers/engine/tensorflow";
import { peakMemory } from "../../trainers/run/peak-memory";
import { layer, type Way } from "./long-rows";

const [way, tokens] = [process.argv[2] as Way, Number(process.argv[3])];
process.stdout.write(JSON.stringify(attentionOnce()));

function residentMemory(): number {
  return 1024 * Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))![1]);
}

/** One layer's attention, forward and backward. */
function attentionOnce() {
  if (!native()) throw new Error("the ops of native/ are not there");
  const once = compile(({ q, k, v }: Record<"q" | "k" | "v", tf.Tensor4D>) => {
    const every = tf.range(0, q.shape[2], 1, "int32").expandDims<tf.Tensor2D>(0);
    const sight = { queries: every, keys: every, window: null };
    const keepProbabilities = way === "kept";
    const attend = (...qkv: tf.Tensor4D[]) => {
      const [q, k, v] = qkv as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
      return way === "blocked"
        ? blockedAttention(q, k, v, sight)
        : attention(q, k, v, biasOf(sight), { keepProbabilities });
    };
    return tf.grads((...qkv) =>
      attend(...(qkv as tf.Tensor4D[]))
        .square()
        .sum(),
    )([q, k, v]);
  });
  const given = (T: number) => {
    const [q, k, v] = [layer.heads, layer.keyHeads, layer.keyHeads].map((heads) =>
      tf.randomNormal<tf.Rank.R4>([1, heads, T, layer.size], 0, layer.size ** -0.25),
    ) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
    return { q, k, v };
  };
  free(once(given(16))); // the program
  const inputs = given(tokens);
  const before = residentMemory();
  const seconds = Array.from({ length: 3 }, () => {
    const started = performance.now();
    const made = once(inputs);
    made[0]!.dataSync();
    free(made);
    return (performance.now() - started) / 1000;
  });
  return { peak: peakMemory() - before, seconds: Math.min(...seconds) };
}
