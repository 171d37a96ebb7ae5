// A block of GPT-2 (Radford et al. 2019): LayerNorm before attention and before an MLP without a gate; one matrix for q, k and v.
import { activated } from "../../engine/ops";
import type { tf } from "../../engine/tensorflow";
import { type Block, decoder } from "../parts/decoder";
import { gpt2 } from "./gpt2";

const block: Block = (x, { config, norm, project, heads, turn, attend }) => {
  const { heads: H, activation } = config;
  const [qk, v] = heads(project(norm(x, "ln_1"), "attn.c_attn"), 2 * H, H); // [B, T, heads, D]
  const middle = x.add<tf.Tensor2D>(project(attend(turn(qk!), v!), "attn.c_proj"));
  return middle.add(project(activated(project(norm(middle, "ln_2"), "mlp.c_fc"), activation), "mlp.c_proj"));
};

export const gpt2Transformer = decoder(block, gpt2);
