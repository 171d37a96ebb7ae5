// Granite 3 MoE: Granite's blocks over a mixture of experts.
import { graniteBlock } from "../granite/transformer";
import { decoder } from "../parts/decoder";
import { graniteMoe } from "./granite-moe";

export const graniteMoeTransformer = decoder(graniteBlock, graniteMoe);
