// A block of Gemma 3 (arXiv 2503.19786): Gemma 2's, with every query and key normed over its head instead of soft caps.
import { tf } from "../../engine/tensorflow";
import { linearShapes } from "../llama/weight-names";
import { type Block, decoder, qkv } from "../parts/decoder";

const block: Block = (x, { config, norm, project, heads, turn, attend, mlp }) => {
  const { heads: H, kvHeads: G } = config;
  const [q, k, v] = heads(project(norm(x, "input_layernorm"), ...qkv), H, G, G); // [B, T, heads, D]
  const qk = tf.concat4d([norm(q!, "self_attn.q_norm"), norm(k!, "self_attn.k_norm")], 2);
  const mixed = project(attend(turn(qk), v!), "self_attn.o_proj");
  const middle = x.add<tf.Tensor2D>(norm(mixed, "post_attention_layernorm"));
  const made = mlp(norm(middle, "pre_feedforward_layernorm"));
  return middle.add(norm(made, "post_feedforward_layernorm"));
};

export const gemma3Transformer = decoder(block, { linearShapes }, 1);
