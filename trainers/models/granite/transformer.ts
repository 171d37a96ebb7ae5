// A block of Granite 3: Llama's, whose additions to its input are scaled (maximal update parametrisation; Yang et al. 2022, arXiv 2203.03466).
import type { tf } from "../../engine/tensorflow";
import { linearShapes } from "../llama/weight-names";
import { type Block, decoder, qkv } from "../parts/decoder";

export const graniteBlock: Block = (x, { config, norm, project, heads, turn, attend, mlp }) => {
  const { heads: H, kvHeads: G, residualScale = 1 } = config;
  const [qk, v] = heads(project(norm(x, "input_layernorm"), ...qkv), H + G, G); // [B, T, heads, D]
  const mixed = project(attend(turn(qk!), v!), "self_attn.o_proj");
  const middle = x.add<tf.Tensor2D>(mixed.mul(residualScale));
  return middle.add(mlp(norm(middle, "post_attention_layernorm")).mul(residualScale));
};

export const graniteTransformer = decoder(graniteBlock, { linearShapes });
