// A block of Llama: RMSNorm, grouped-query attention over turned queries and keys, a gated MLP.
import type { tf } from "../../engine/tensorflow";
import { type Block, decoder, qkv } from "../parts/decoder";
import { linearShapes } from "./weight-names";

export const llamaBlock: Block = (x, { config, norm, project, heads, turn, attend, mlp }) => {
  const { heads: H, kvHeads: G } = config;
  const [qk, v] = heads(project(norm(x, "input_layernorm"), ...qkv), H + G, G); // [B, T, heads, D]
  const middle = x.add<tf.Tensor2D>(project(attend(turn(qk!), v!), "self_attn.o_proj"));
  return middle.add(mlp(norm(middle, "post_attention_layernorm")));
};

export const llamaTransformer = decoder(llamaBlock, { linearShapes });
