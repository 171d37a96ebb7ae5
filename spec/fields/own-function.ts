// Fields of a function in somebody's own file, which a trainer starts as a program.
import { z } from "zod";
import { advanced, program } from "../field-meta";

const languages = /\.(py|ts|mts|js|mjs|cjs)$/;

export const functionFile = z.string().regex(languages, "not a .py, .ts, .mts, .js, .mjs or .cjs file");

/** `signature` is what the file has to hold. */
export const holding = (signature: string) => ({
  ...advanced(`Python, TypeScript or JavaScript with a function ${signature}`),
  ...program,
});

/** `batch` is what it is called with at a time. */
export const functionLimits = (batch: string) => ({
  timeout: z
    .number()
    .positive()
    .max(3600)
    .default(60)
    .describe("seconds")
    .meta(advanced(`It may take so long for a batch of ${batch}`)),
  memory: z.int().min(256).max(1_048_576).default(4096).describe("memory").meta(advanced("MB that it may take")),
});
