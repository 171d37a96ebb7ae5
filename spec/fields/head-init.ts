// Where the head of a reward model starts, of answers or of steps.
import { z } from "zod";
import { file, runFileOnly } from "../field-meta";

export const headInit = z
  .string()
  .min(1)
  .nullable()
  .default(null)
  .describe("Initial head")
  .meta({
    ...runFileOnly(
      "A safetensors file or PEFT folder with score.weight. Empty: normal with standard deviation 1/√(d + 1)",
    ),
    ...file,
  });
