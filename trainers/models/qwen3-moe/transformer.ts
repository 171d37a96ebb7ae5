// Qwen3-MoE (arXiv 2505.09388): Qwen3's blocks over a mixture of experts.

import { decoder } from "../parts/decoder";
import { qwen3Block } from "../qwen3/transformer";
import { qwen3Moe } from "./qwen3-moe";

export const qwen3MoeTransformer = decoder(qwen3Block, qwen3Moe);
