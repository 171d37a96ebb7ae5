// A block of Gemma 2 (arXiv 2408.00118): what attention and the MLP read is normed, and what they make as well.
import type { tf } from "../../engine/tensorflow";
import { linearShapes } from "../llama/weight-names";
import { type Block, decoder, qkv } from "../parts/decoder";

const block: Block = (x, { config, norm, project, heads, turn, attend, mlp }) => {
  const { heads: H, kvHeads: G } = config;
  const [qk, v] = heads(project(norm(x, "input_layernorm"), ...qkv), H + G, G); // [B, T, heads, D]
  const mixed = project(attend(turn(qk!), v!), "self_attn.o_proj");
  const middle = x.add<tf.Tensor2D>(norm(mixed, "post_attention_layernorm"));
  const made = mlp(norm(middle, "pre_feedforward_layernorm"));
  return middle.add(norm(made, "post_feedforward_layernorm"));
};

export const gemma2Transformer = decoder(block, { linearShapes }, 1);
