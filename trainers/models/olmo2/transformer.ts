// A block of OLMo 2 (arXiv 2501.00656, section 3.1): what attention and the MLP make is normed, not what they read; queries and keys are normed
// over all heads together.
import { tf } from "../../engine/tensorflow";
import { linearShapes } from "../llama/weight-names";
import { type Block, decoder, qkv } from "../parts/decoder";

const block: Block = (x, { config, norm, project, heads, turn, attend, mlp }) => {
  const { heads: H, kvHeads: G, headDim: D } = config;
  const [q, k, v] = tf.split(project(x, ...qkv), [H * D, G * D, G * D], 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const normed = tf.concat2d([norm(q, "self_attn.q_norm"), norm(k, "self_attn.k_norm"), v], 1);
  const [qk, values] = heads(normed, H + G, G); // [B, T, heads, D]
  const middle = x.add<tf.Tensor2D>(
    norm(project(attend(turn(qk!), values!), "self_attn.o_proj"), "post_attention_layernorm"),
  );
  return middle.add(norm(mlp(middle), "post_feedforward_layernorm"));
};

export const olmo2Transformer = decoder(block, { linearShapes });
