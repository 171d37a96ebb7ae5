// Mixtral (arXiv 2401.04088): Llama's blocks over a mixture of experts.
import { llamaBlock } from "../llama/transformer";
import { decoder } from "../parts/decoder";
import { mixtral } from "./mixtral";

export const mixtralTransformer = decoder(llamaBlock, mixtral);
