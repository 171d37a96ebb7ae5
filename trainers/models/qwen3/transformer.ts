// A block of Qwen3 (arXiv 2505.09388): Llama's, with every query and key normed over its head before it is turned.
import { tf } from "../../engine/tensorflow";
import { linearShapes } from "../llama/weight-names";
import { type Block, decoder, qkv } from "../parts/decoder";

export const qwen3Block: Block = (x, { config, norm, project, heads, turn, attend, mlp }) => {
  const { heads: H, kvHeads: G } = config;
  const [q, k, v] = heads(project(norm(x, "input_layernorm"), ...qkv), H, G, G); // [B, T, heads, D]
  const qk = tf.concat4d([norm(q!, "self_attn.q_norm"), norm(k!, "self_attn.k_norm")], 2);
  const middle = x.add<tf.Tensor2D>(project(attend(turn(qk), v!), "self_attn.o_proj"));
  return middle.add(mlp(norm(middle, "post_attention_layernorm")));
};

export const qwen3Transformer = decoder(qwen3Block, { linearShapes });
