// What a model's routers did with the tokens of a pass: the loss that balances the experts of a mixture, and each expert's load.
import { drawnExperts } from "../../spec/metrics/experts";
import { type Average, maskedMean } from "../engine/loss-output";
import { chosen } from "../engine/mixture";
import { tf } from "../engine/tensorflow";
import type { Mixture } from "../models/config";
import type { Routes } from "../models/model";
import type { TokenBatch } from "./batches";

/** As Transformers' attention mask over sequences apart: a prompt's token counts for each of its answers. → [B·T] */
export function tokenCounts({ layout, promptLengths, ends }: Pick<TokenBatch, "layout" | "promptLengths" | "ends">) {
  const { rows: B, prompt: P, answers: n, answer: C } = layout;
  const T = P + n * C;
  const index = tf.range(0, B * T, 1, "int32").reshape([B, T]);
  const prompt = tf.range(0, P, 1, "int32").less(promptLengths.expandDims(1)).toFloat().mul(n); // [B, P]
  const answers = index.slice([0, P], [B, n * C]).reshape([B, n, C]);
  const last = ends.reshape([n, B]).transpose().expandDims(2); // [B, n, 1]
  const inAnswer = answers
    .lessEqual(last)
    .toFloat()
    .reshape([B, n * C]);
  return tf.concat([prompt, inAnswer], 1).flatten() as tf.Tensor1D;
}

/**
 * The load-balancing loss of all layers together: E · Σ (share of tokens sent to an expert · its mean probability) (Fedus et al. 2021,
 * arXiv 2101.03961, equations 4 to 6), as Transformers' load_balancing_loss_func computes it; and the load of the experts.
 */
export function balanceOf(routes: Routes[], { experts: E, active: k }: Mixture): { loss: tf.Scalar; load: ExpertLoad } {
  const layers = routes[0]!.layers.map((_, layer) => {
    const sums = routes.map(({ layers, tokens }) => {
      const column = tokens.expandDims(1);
      const probabilities = layers[layer]!;
      return {
        sent: chosen(probabilities, k).mul(column).sum(0),
        probability: probabilities.mul(column).sum(0),
        tokens: tokens.sum(),
      };
    });
    return {
      sent: tf.addN(sums.map(({ sent }) => sent)), // [E]
      probability: tf.addN(sums.map(({ probability }) => probability)), // [E]
      tokens: tf.addN(sums.map(({ tokens }) => tokens)),
    };
  });
  const tokens = tf.addN(layers.map(({ tokens }) => tokens));
  const sent = tf.addN(layers.map(({ sent }) => sent)).div(tokens); // [E]
  const probability = tf.addN(layers.map(({ probability }) => probability)).div(tokens); // [E]
  const shares = tf.stack(layers.map((layer) => layer.sent.div(layer.tokens))); // [layers, E]
  return {
    loss: sent.mul(probability).sum().mul(E).asScalar(),
    load: {
      "expert_load/busiest": maskedMean(shares.max()),
      "expert_load/idlest": maskedMean(shares.min()),
      ...(E <= drawnExperts &&
        Object.fromEntries(tf.unstack(sent).map((share, e) => [`expert_load/${e}`, maskedMean(share)]))),
    },
  };
}

type ExpertLoad = Record<string, Average>;
