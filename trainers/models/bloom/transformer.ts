// A block of BLOOM (arXiv 2211.05100): LayerNorm before attention and before an MLP without a gate; one matrix whose rows are q, k and v of
// one head after the other, as GPT-NeoX has them.
import { activated } from "../../engine/ops";
import { tf } from "../../engine/tensorflow";
import { type Block, decoder } from "../parts/decoder";
import { bloom } from "./bloom";

const block: Block = (x, { config, norm, project, heads, turn, attend }) => {
  const { heads: H, headDim: D, activation } = config;
  const [all] = heads(project(norm(x, "input_layernorm"), "self_attention.query_key_value"), 3 * H); // [B, T, 3H, D]
  const [B, T] = all!.shape;
  const [q, k, v] = tf.split(all!.reshape<tf.Tensor4D>([B, T, H, 3 * D]), 3, 3) as tf.Tensor4D[]; // [B, T, H, D]
  const attended = project(attend(turn(tf.concat4d([q!, k!], 2)), v!), "self_attention.dense");
  const middle = x.add<tf.Tensor2D>(attended);
  const read = norm(middle, "post_attention_layernorm");
  return middle.add(project(activated(project(read, "mlp.dense_h_to_4h"), activation), "mlp.dense_4h_to_h"));
};

export const bloomTransformer = decoder(block, bloom);
