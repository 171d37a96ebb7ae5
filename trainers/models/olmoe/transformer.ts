// A block of OLMoE (arXiv 2409.02060): Llama's over a mixture of experts, with queries and keys normed over all heads together.
import { tf } from "../../engine/tensorflow";
import { type Block, decoder, qkv } from "../parts/decoder";
import { olmoe } from "./olmoe";

const block: Block = (x, { config, norm, project, heads, turn, attend, mlp }) => {
  const { heads: H, kvHeads: G, headDim: D } = config;
  const projected = project(norm(x, "input_layernorm"), ...qkv);
  const [q, k, v] = tf.split(projected, [H * D, G * D, G * D], 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const normed = tf.concat2d([norm(q, "self_attn.q_norm"), norm(k, "self_attn.k_norm"), v], 1);
  const [qk, values] = heads(normed, H + G, G); // [B, T, heads, D]
  const middle = x.add<tf.Tensor2D>(project(attend(turn(qk!), values!), "self_attn.o_proj"));
  return middle.add(mlp(norm(middle, "post_attention_layernorm")));
};

export const olmoeTransformer = decoder(block, olmoe);
