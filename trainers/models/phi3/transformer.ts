// A block of Phi-3 (arXiv 2404.14219): Llama's, with one matrix for q, k and v and one for the MLP's gate and up.
import { gated } from "../../engine/ops";
import { tf } from "../../engine/tensorflow";
import { type Block, decoder } from "../parts/decoder";
import { phi3 } from "./phi3";

const block: Block = (x, { config, norm, project, heads, turn, attend }) => {
  const { heads: H, kvHeads: G, activation } = config;
  const [qk, v] = heads(project(norm(x, "input_layernorm"), "self_attn.qkv_proj"), H + G, G); // [B, T, heads, D]
  const middle = x.add<tf.Tensor2D>(project(attend(turn(qk!), v!), "self_attn.o_proj"));
  const m = project(norm(middle, "post_attention_layernorm"), "mlp.gate_up_proj"); // [N, 2f]
  const [gate, up] = tf.split(m, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  return middle.add(project(gated(gate, up, activation), "mlp.down_proj"));
};

export const phi3Transformer = decoder(block, phi3);
